"""Ways in: by password, by a link that works once; and how they end. A sign-in is a row: ending it ends it everywhere."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from accounts import attempts, passwords, people
from accounts.actors import Actor, hashed, new_secret
from accounts.models import OneTimeLink, Person, SignIn
from accounts.policy import require_administrator
from core import clock, journal
from core.errors import Invalid, N_, NotFound

LASTS = timedelta(days=30)
LINK_LASTS = timedelta(days=7)


@dataclass(frozen=True)
class Try:
    """One try at a password, counted before it is judged so that many at once cannot outrun the count."""

    email: str
    account: str
    ids: list[int]


def begin_try(session: Session, email: str, address: str, *, limited: bool = True) -> Try:
    """Count a try at signing in from a network address. `limited` is false only where speed is measured.

    Raises: TooMany.
    """
    email = _email(email)
    account, place = attempts.account(email), attempts.address(address)
    if limited:
        attempts.check(session, {account: attempts.PER_ACCOUNT, place: attempts.PER_ADDRESS})
    return Try(email, account, attempts.add(session, account, place))


def judge(session: Session, begun: Try, password: str) -> str | None:
    """Return the id of the person whose password this is, or None, in the same time whether they exist or not."""
    found = session.execute(
        select(Person.id, Person.password_hash).where(Person.email == begun.email, Person.disabled_at.is_(None))
    ).first()
    right = passwords.is_right(password, found.password_hash if found else None)
    return found.id if found and right else None


def end_try(session: Session, begun: Try, person_id: str | None, browser: str = "") -> str:
    """Sign in the person whose password was right, and return the secret that says so; else refuse.

    Raises: Invalid, kept as an act.
    """
    if person_id is None:
        chain = journal.lock(session, journal.SITE)
        journal.add(session, chain, actor=None, act="refuse_sign_in", object=f"account:{begun.account[:16]}")
        raise Invalid(N_("The e-mail address or the password is wrong."), field="password").kept()
    attempts.forget(session, begun.account, begun.ids)
    return start(session, person_id, browser)


def start(session: Session, person_id: str, browser: str = "") -> str:
    """Begin a sign-in of a person and return its secret, of which only a hash is kept.

    `browser` is what the browser calls itself, so that its owner knows it again in a list.
    """
    chain = journal.lock(session, journal.SITE)
    secret, now = new_secret(), clock.now()
    session.execute(delete(SignIn).where(SignIn.expires_at <= now))
    session.add(SignIn(token_hash=hashed(secret), person_id=person_id, created_at=now, expires_at=now + LASTS, browser=_printable(browser)))
    journal.add(session, chain, actor=person_id, act="sign_in", object=f"person:{person_id}")
    return secret


def end(session: Session, actor: Actor, secret: str) -> None:
    """End one sign-in of the actor."""
    ended = session.execute(delete(SignIn).where(SignIn.token_hash == hashed(secret), SignIn.person_id == actor.id))
    if ended.rowcount:
        _record(session, actor, "sign_out")


def listed(session: Session, actor: Actor) -> list[SignIn]:
    """Return where the actor is signed in, the newest first."""
    rows = select(SignIn).where(SignIn.person_id == actor.id, SignIn.expires_at > clock.now())
    return list(session.scalars(rows.order_by(SignIn.created_at.desc(), SignIn.token_hash)))


def end_one(session: Session, actor: Actor, id: str) -> None:
    """End a sign-in of the actor by what the list calls it. Raises: NotFound."""
    known = func.substr(SignIn.token_hash, 1, 16) == id
    if session.execute(delete(SignIn).where(SignIn.person_id == actor.id, known)).rowcount == 0:
        raise NotFound()
    _record(session, actor, "sign_out_elsewhere")


def end_others(session: Session, actor: Actor, secret: str) -> None:
    """End every sign-in of the actor but this one; every one of them without a secret."""
    session.execute(delete(SignIn).where(SignIn.person_id == actor.id, SignIn.token_hash != hashed(secret)))
    _record(session, actor, "sign_out_elsewhere")


def add_link(session: Session, by: Actor | None, person: Person) -> str:
    """Make a link that signs a person in once, within seven days, and return its secret; earlier unused ones end.

    `by` is the administrator who does it, None for the command line. Raises: Denied; Invalid for a disabled person.
    """
    require_administrator(by)
    if person.disabled_at is not None:
        raise Invalid(N_("%(name)s was disabled."), name=person.name)
    chain = journal.lock(session, journal.SITE)
    session.execute(delete(OneTimeLink).where(OneTimeLink.person_id == person.id, OneTimeLink.used_at.is_(None)))
    secret, now = new_secret(), clock.now()
    session.add(OneTimeLink(token_hash=hashed(secret), person_id=person.id, created_at=now, expires_at=now + LINK_LASTS))
    journal.add(session, chain, actor=by.id if by else None, act="add_link", object=f"person:{person.id}")
    return secret


def is_usable(session: Session, secret: str) -> bool:
    """Say whether a one-time link still works."""
    return session.scalar(select(OneTimeLink.token_hash).where(*_usable(secret))) is not None


@dataclass(frozen=True)
class Entered:
    """Who came in with a link: the secret of their sign-in, and whether they forgot their password."""

    secret: str
    person_id: str
    forgot: bool


def use_link(session: Session, secret: str, browser: str = "") -> str:
    """Sign in with a one-time link, which is used up by it, and return the sign-in's secret. Raises: Invalid."""
    return enter(session, secret, browser).secret


def enter(session: Session, secret: str, browser: str = "") -> Entered:
    """Sign in with a one-time link, which is used up by it.

    One that was asked for because a password was forgotten ends that password and every other way in. Raises: Invalid.
    """
    used = update(OneTimeLink).where(*_usable(secret)).values(used_at=clock.now())
    found = session.execute(used.returning(OneTimeLink.person_id, OneTimeLink.purpose)).first()
    if found is None:
        raise Invalid(N_("This link was used already, or is too old. Ask an administrator for another."))
    forgot = found.purpose == "password"
    if forgot:
        session.execute(update(Person).where(Person.id == found.person_id).values(password_hash=None, password_set_at=None))
        people.end_ways_in(session, found.person_id)
    return Entered(start(session, found.person_id, browser), found.person_id, forgot)


def _usable(secret: str) -> tuple:
    return (
        OneTimeLink.token_hash == hashed(secret),
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > clock.now(),
        OneTimeLink.person_id.in_(select(Person.id).where(Person.disabled_at.is_(None))),
    )


def _printable(browser: str) -> str:
    return "".join(c for c in browser if " " <= c <= "~")[:200]


def _email(raw: str) -> str:
    try:
        return people.clean_email(raw)
    except Invalid:
        return ""       # nobody has it: the try goes on and takes as long as any other


def _record(session: Session, actor: Actor, act: str) -> None:
    chain = journal.lock(session, journal.SITE)
    journal.add(session, chain, actor=actor.id, act=act, object=f"person:{actor.id}")
