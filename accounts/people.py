"""People: adding them, their passwords, their language, and which of them an actor may see."""

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from accounts import attempts, passwords
from accounts.models import LANGUAGES, Grant, OneTimeLink, Person, SignIn, Space, Token
from accounts.policy import Actor, may_administer, readable_spaces
from core import clock, journal
from core.errors import Conflict, Denied, Invalid, N_, NotFound
from core.text import line

_EMAIL = re.compile(r"[a-z0-9._%+'-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")


@dataclass(frozen=True)
class Acquaintance:
    """A person as another one sees them: who, and the spaces both know."""

    person: Person
    spaces: list[Space]


def add(
    session: Session, by: Actor | None, *, email: str, name: str, administrator: bool = False, guest: bool = False,
    password: str | None = None,
) -> Person:
    """Add a person. `by` is the administrator who does it, None for the command line.

    Raises: Denied; Invalid for a value that cannot be taken; Conflict if somebody has this address.
    """
    require_administrator(by)
    email, name = clean_email(email), clean_name(name)
    if administrator and guest:
        raise Invalid(N_("A guest cannot be an administrator."), field="administrator")
    if password is not None:
        passwords.checked(password, own=(name, email, email.split("@")[0]))
    chain = journal.lock(session, journal.SITE)
    if session.scalar(select(Person.id).where(Person.email == email)) is not None:
        raise Conflict(N_("Somebody already has this e-mail address."), field="email")
    now = clock.now()
    person = Person(
        email=email, name=name, created_at=now, guest_since=now if guest else None,
        administrator_since=now if administrator else None,
        password_hash=passwords.kept(password) if password is not None else None,
        password_set_at=now if password is not None else None,
    )
    session.add(person)
    session.flush()
    journal.add(session, chain, actor=by.id if by else None, act="add_person", object=f"person:{person.id}", content=f"{name} <{email}>")
    return person


def require_administrator(by: Actor | None) -> None:
    """Go on only for an administrator, or for the command line (None). Raises: Denied."""
    if by is not None and not may_administer(by):
        raise Denied(N_("Only administrators can do this."))


def clean_email(raw: object) -> str:
    """Return an e-mail address in the one form in which it is kept. Raises: Invalid."""
    email = unicodedata.normalize("NFKC", line(raw, field="email", limit=254)).casefold()
    if not _EMAIL.fullmatch(email) or ".." in email:
        raise Invalid(N_("Give an e-mail address such as anne@bank.example."), field="email")
    return email


def clean_name(raw: object) -> str:
    """Return a real name as it will be shown and signed with. Raises: Invalid."""
    name = line(raw, field="name", limit=120)
    if "<" in name or ">" in name or not any(c.isalpha() for c in name):
        raise Invalid(N_("Give a full name, without < or >."), field="name")
    return name


def by_email(session: Session, email: str) -> Person:
    """Return the person with this address, for the command line. Raises: Invalid if there is none."""
    person = session.scalar(select(Person).where(Person.email == clean_email(email)))
    if person is None:
        raise Invalid(N_("Nobody has the e-mail address %(email)s."), field="email", email=email)
    return person


def confirm_password(session: Session, actor: Actor, password: object) -> None:
    """Go on only if this is the actor's password. Call it first in a transaction: a wrong one is counted and kept.

    Raises: Invalid for the field `password`; TooMany after ten wrong ones in a quarter of an hour.
    """
    _confirm(session, session.get(Person, actor.id), password, field="password")


def _confirm(session: Session, person: Person, password: object, *, field: str) -> None:
    if person.password_hash is None:
        raise Invalid(N_("You have no password yet. Set one on your account page first."), field=field)
    subject = attempts.account(person.email)
    attempts.check(session, {subject: attempts.PER_ACCOUNT})
    if isinstance(password, str) and passwords.is_right(password, person.password_hash):
        attempts.forget(session, subject, [])
        return
    attempts.add(session, subject)
    raise Invalid(N_("This is not your password."), field=field).kept()


def set_password(session: Session, actor: Actor, password: object, *, present: object = None) -> None:
    """Set the actor's password, asking for the present one if there is one; every sign-in and unused link ends.

    Raises: Invalid for `present` or `password`; TooMany as `confirm_password` does.
    """
    person = session.get(Person, actor.id)
    if person.password_hash is not None:
        _confirm(session, person, present, field="present")
    person.password_hash = passwords.kept(passwords.checked(password, own=(person.name, person.email, person.email.split("@")[0])))
    person.password_set_at = clock.now()
    end_ways_in(session, person.id)
    _record(session, actor.id, "set_password", person.id)


def end_ways_in(session: Session, person_id: str) -> None:
    """End every sign-in of a person and every one-time link they did not use."""
    session.execute(delete(SignIn).where(SignIn.person_id == person_id))
    session.execute(delete(OneTimeLink).where(OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None)))


def choose_language(session: Session, actor: Actor, language: str) -> None:
    """Set the language in which the actor reads the pages. Raises: Invalid."""
    if language not in LANGUAGES:
        raise Invalid(N_("Choose English or French."), field="language")
    session.execute(update(Person).where(Person.id == actor.id).values(language=language))


def disable(session: Session, by: Actor | None, person: Person) -> None:
    """Disable a person: their sign-ins, links and tokens end at once; what they did and wrote stays.

    Raises: Denied.
    """
    require_administrator(by)
    if by is not None and by.id == person.id:
        raise Denied(N_("Somebody else must disable you."))
    chain = journal.lock(session, journal.SITE)
    now = clock.now()
    if person.disabled_at is None:
        person.disabled_at = now
        journal.add(session, chain, actor=by.id if by else None, act="disable", object=f"person:{person.id}")
    end_ways_in(session, person.id)
    session.execute(update(Token).where(Token.person_id == person.id, Token.revoked_at.is_(None)).values(revoked_at=now))


def readable(session: Session, actor: Actor, person_id: str) -> Acquaintance:
    """Return a person that the actor may see: themselves, a colleague, or somebody of a space they share.

    Raises: NotFound.
    """
    person = session.get(Person, person_id) if actor.is_somebody else None
    shared = _shared(session, actor, person_id) if person else []
    if person is None or not _may_see(actor, person, shared):
        raise NotFound()
    return Acquaintance(person, shared)


def _may_see(actor: Actor, person: Person, shared: list[Space]) -> bool:
    return person.id == actor.id or bool(shared) or (actor.is_employee and person.guest_since is None)


def _shared(session: Session, actor: Actor, person_id: str) -> list[Space]:
    """The spaces that the person was let into and the actor can read; for a guest, only those they were let into."""
    spaces = (
        select(Space)
        .where(Space.id.in_(select(Grant.space_id).where(Grant.person_id == person_id)), readable_spaces(actor))
        .order_by(Space.name)
    )
    if actor.is_guest:
        spaces = spaces.where(Space.id.in_(list(actor.roles)))
    return list(session.scalars(spaces))


def _record(session: Session, actor_id: str | None, act: str, person_id: str) -> None:
    chain = journal.lock(session, journal.SITE)
    journal.add(session, chain, actor=actor_id, act=act, object=f"person:{person_id}")
