"""Who is asking over HTTP, and the two edges of every request: one session to read, one transaction to write.

Pages know a person by their sign-in, the JSON API by its Bearer token and by nothing else.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from math import ceil
from time import time

import flask_login
from flask import Flask, current_app, g, render_template, request
from flask import session as cookie
from flask_wtf.csrf import CSRFError, CSRFProtect
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy.orm import Session

from accounts import actors, policy, previews_web, sign_ins
from accounts.actors import NOBODY, Actor
from accounts.cookies_web import SignedCookies
from accounts.permissions import Permission
from core import problems
from core.errors import Denied, N_, NotFound, Problem, TooMany, Unauthenticated
from core.problems import is_api
from core.web import FILES_LIMIT_BYTES, SAFE_METHODS, local_path, site, site_of

WRITES_PER_MINUTE = 240
TRIES_PER_MINUTE = 240      # of what keeps nothing and costs as much: a box shows its text at most 150 times while one types


class SignedIn(flask_login.UserMixin):
    """A person with the sign-in that they came with, as Flask-Login wants them."""

    def __init__(self, actor: Actor, secret: str):
        self.actor = actor
        self.secret = secret

    def get_id(self) -> str:
        """Return what the cookie keeps: the secret of the sign-in, never the person's id."""
        return self.secret


def install(app: Flask) -> CSRFProtect:
    """Give an app its sign-ins and the protection of its forms; return the latter, so that the API can be exempt."""
    secure = site_of(app).settings.secure
    app.session_interface = SignedCookies()
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure, SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False, PERMANENT_SESSION_LIFETIME=sign_ins.LASTS,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,       # the token protects, and the Origin: some networks let no Referer through
    )
    manager = flask_login.LoginManager()
    manager.session_protection = None       # the sign-in is a row of ours, which the server can end
    manager.init_app(app)
    manager.user_loader(_signed_in)
    app.extensions["writes"] = MovingWindowRateLimiter(MemoryStorage())
    app.teardown_request(_close)
    app.jinja_env.globals |= {
        "may": _may, "may_administer": policy.may_administer, "may_take_out": lambda space: policy.may_take_out(present(), space),
        "may_meet": lambda space: policy.may_meet(present(), space),
    }
    app.register_error_handler(NotFound, _answer_hidden)
    app.register_error_handler(Unauthenticated, _answer_hidden)
    app.register_error_handler(CSRFError, lambda error: problems.answer(problems.ForeignForm()))
    app.before_request(_let_files_in)     # before the protection below reads the body
    forms = CSRFProtect(app)
    app.context_processor(_shown_to_templates)
    return forms


def reading() -> tuple[Session, Actor]:
    """Return the request's one session to read with, and who is asking.

    Raises: Unauthenticated for an API token that is not ours.
    """
    session = _session()
    if "actor" not in g:
        g.actor = _bearer(session) if is_api() else previews_web.worn(session, _from_cookie())
    return session, g.actor


def present() -> Actor:
    """Return who is asking, or nobody where that cannot be known because something failed."""
    if g.get("failed"):
        return NOBODY
    try:
        return reading()[1]
    except Unauthenticated:
        return NOBODY


def speaker() -> Actor:
    """Return whom a page speaks to: whoever was found to be asking, also where something has failed since."""
    return g.get("writer") or g.get("actor") or present()


@contextmanager
def writing() -> Iterator[tuple[Session, Actor]]:
    """Give a transaction and the actor as they stand inside it; afterwards wake whoever follows the journal.

    Raises: Unauthenticated if nobody is signed in any more; Denied while they look as somebody else; TooMany above 240 writes of a person in a minute.
    """
    if not _shows_something():
        raise Unauthenticated(N_("Sign in to do this."))
    if looks_as_another():
        raise Denied(N_("You are looking with somebody else’s eyes: nothing is written meanwhile. Leave the preview first."))
    acts: list = []
    try:
        with site().database.transaction() as session:
            acts = session.info.setdefault("acts", [])
            actor = _bearer(session) if is_api() else actors.by_sign_in(session, _secret())
            if not actor.is_somebody:
                raise Unauthenticated(N_("Sign in to do this."))
            _slow_down(actor.id, WRITES_PER_MINUTE)
            g.writer = actor
            yield session, actor
    finally:
        if acts:
            site().loop.wake()


def trying() -> tuple[Session, Actor]:
    """Return what `reading` does, for a request that keeps nothing and costs as much as one that does.

    Raises: as `reading`; TooMany above 240 of a person in a minute, counted apart from what they write.
    """
    session, actor = reading()
    if actor.is_somebody:
        _slow_down(f"tries {actor.id}", TRIES_PER_MINUTE)
    return session, actor


def admit(endpoint) -> None:
    """Let a call to the API go on if its token is ours; without one, only if it reads. Raises: Unauthenticated."""
    if endpoint.method != "GET" and _token() is None:
        raise Unauthenticated(N_("Send a token to do this: Authorization: Bearer …"))
    reading()


def looks_as_another() -> bool:
    """Say whether this browser looks at a space as somebody else would, and so writes nothing."""
    if is_api() or not previews_web.has_begun():
        return False
    reading()
    return previews_web.has_begun()


def sign_in(secret: str) -> None:
    """Begin the browser's session anew with a sign-in: nothing of the one before is kept but the language."""
    cookie.clear()
    cookie.permanent = True
    flask_login.login_user(SignedIn(NOBODY, secret))


def sign_out() -> None:
    """Forget the sign-in in the browser; ending its row is the verb's."""
    flask_login.logout_user()
    cookie.clear()


def own_secret() -> str:
    """Return the secret of the sign-in that this request came with."""
    return _secret()


def link_address(secret: str) -> str:
    """Return the address of a one-time link: the configured one, never what a request claims."""
    return f"{site().settings.address}/link/{secret}"


def invitation_address(secret: str) -> str:
    """Return the address of an invitation, configured as that of a link is."""
    return f"{site().settings.address}/invitation/{secret}"


def sign_in_page(*, next: str | None, email: str = "", problem: Problem | None = None, status: int = 200):
    """Return the sign-in page; `next` is where to go afterwards, if it is a path of this site."""
    shown = render_template("accounts/signin.html", next=local_path(next), email=email, problem=problem)
    return current_app.make_response((shown, status))


def _session() -> Session:
    if "reading" not in g:
        g.reading = ExitStack()
        g.session = g.reading.enter_context(site().database.reading())
    return g.session


def _close(_error) -> None:
    if (open_ := g.pop("reading", None)) is not None:
        open_.close()


def _signed_in(secret: str) -> SignedIn | None:
    actor = actors.by_sign_in(_session(), secret)
    return SignedIn(actor, secret) if actor.is_somebody else None


def _from_cookie() -> Actor:
    user = flask_login.current_user
    return user.actor if user.is_authenticated else NOBODY


def _secret() -> str:
    return cookie.get("_user_id", "")


def _token() -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None if not scheme else ""


def _bearer(session: Session) -> Actor:
    token = _token()
    if token is None:
        return NOBODY
    actor = actors.by_token(session, token)
    if not actor.is_somebody:
        raise Unauthenticated(N_("This token is not known, or was revoked."))
    return actor


def _shows_something() -> bool:
    return _token() is not None if is_api() else bool(_secret())


def _slow_down(who: str, most: int) -> None:
    if not site().settings.rate_limits:
        return
    limiter, limit = current_app.extensions["writes"], RateLimitItemPerMinute(most)
    if not limiter.hit(limit, who):
        reset_at = limiter.get_window_stats(limit, who).reset_time
        raise TooMany(max(1, ceil(reset_at - time())))


def _let_files_in() -> None:
    # Only where files are taken, and only from somebody: nobody else may make us read so much.
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method not in SAFE_METHODS and getattr(view, "takes_files", False) and present().is_somebody:
        request.max_content_length = FILES_LIMIT_BYTES
        _close(None)        # no snapshot is held while a slow line brings the body


def _may(permission: str, space) -> bool:
    return policy.may(present(), Permission(permission), space)


def _shown_to_templates() -> dict:
    return {"actor": present(), "settings": site().settings, "seen_as": previews_web.shown()}


def _answer_hidden(problem: Problem):
    # Nobody is told whether a thing exists: the sign-in page answers for both, in the same words.
    if is_api() or present().is_somebody:
        return problems.answer(problem)
    return sign_in_page(next=request.full_path.rstrip("?") if request.method in SAFE_METHODS else None, status=401)
