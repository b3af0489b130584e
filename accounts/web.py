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

from accounts import actors, policy, sign_ins
from accounts.policy import NOBODY, Actor, Permission
from core import problems
from core.errors import N_, NotFound, Problem, TooMany, Unauthenticated
from core.problems import is_api
from core.web import SAFE_METHODS, local_path, site, site_of

WRITES_PER_MINUTE = 240


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
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure, SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False, PERMANENT_SESSION_LIFETIME=sign_ins.LASTS,
        WTF_CSRF_TIME_LIMIT=None,
    )
    manager = flask_login.LoginManager()
    manager.session_protection = None       # the sign-in is a row of ours, which the server can end
    manager.init_app(app)
    manager.user_loader(_signed_in)
    app.extensions["writes"] = MovingWindowRateLimiter(MemoryStorage())
    app.teardown_request(_close)
    app.jinja_env.globals |= {"may": _may}
    app.register_error_handler(NotFound, _answer_hidden)
    app.register_error_handler(Unauthenticated, _answer_hidden)
    app.register_error_handler(CSRFError, lambda error: problems.answer(problems.ForeignForm()))
    forms = CSRFProtect(app)
    app.context_processor(_shown_to_templates)
    return forms


def reading() -> tuple[Session, Actor]:
    """Return the request's one session to read with, and who is asking.

    Raises: Unauthenticated for an API token that is not ours.
    """
    session = _session()
    if "actor" not in g:
        g.actor = _bearer(session) if is_api() else _from_cookie()
    return session, g.actor


def present() -> Actor:
    """Return who is asking, or nobody where that cannot be known because something failed."""
    if g.get("failed"):
        return NOBODY
    try:
        return reading()[1]
    except Unauthenticated:
        return NOBODY


@contextmanager
def writing() -> Iterator[tuple[Session, Actor]]:
    """Give a transaction and the actor as they stand inside it; wait until what was done can be found by a search.

    Raises: Unauthenticated if nobody is signed in any more; TooMany above 240 writes of a person in a minute.
    """
    if not _shows_something():
        raise Unauthenticated(N_("Sign in to do this."))
    acts: list = []
    try:
        with site().database.transaction() as session:
            acts = session.info.setdefault("acts", [])
            actor = _bearer(session) if is_api() else actors.by_sign_in(session, _secret())
            if not actor.is_somebody:
                raise Unauthenticated(N_("Sign in to do this."))
            _slow_down(actor)
            yield session, actor
    finally:
        settle(acts)


def settle(acts: list) -> None:
    """Wake the followers and wait, at most a second, until they have read these acts."""
    loop = site().loop
    if acts and loop.wake():
        loop.wait(acts, timeout_s=1.0)


def admit(endpoint) -> None:
    """Let a call to the API go on if its token is ours; without one, only if it reads. Raises: Unauthenticated."""
    if endpoint.method != "GET" and _token() is None:
        raise Unauthenticated(N_("Send a token to do this: Authorization: Bearer …"))
    reading()


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


def _slow_down(actor: Actor) -> None:
    if not site().settings.rate_limits:
        return
    limiter, limit = current_app.extensions["writes"], RateLimitItemPerMinute(WRITES_PER_MINUTE)
    if not limiter.hit(limit, actor.id):
        reset_at = limiter.get_window_stats(limit, actor.id).reset_time
        raise TooMany(max(1, ceil(reset_at - time())))


def _may(permission: str, space) -> bool:
    return policy.may(present(), Permission(permission), space)


def _shown_to_templates() -> dict:
    return {"actor": present(), "settings": site().settings}


def _answer_hidden(problem: Problem):
    # Nobody is told whether a thing exists: the sign-in page answers for both, in the same words.
    if is_api() or present().is_somebody:
        return problems.answer(problem)
    return sign_in_page(next=request.full_path.rstrip("?") if request.method in SAFE_METHODS else None, status=401)
