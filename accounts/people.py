"""People: adding them, their names, passwords and languages, and disabling them. Who may see whom is in acquaintances.py."""

import re
import unicodedata
from functools import cache
from zoneinfo import available_timezones

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from accounts import administrators, attempts, passwords
from accounts.actors import Actor
from accounts.models import LANGUAGES, OneTimeLink, Person, SignIn, Token
from accounts.policy import require_administrator
from core import clock, journal
from core.errors import Conflict, Denied, Invalid, N_
from core.journal import Chain
from core.text import folded, line

_EMAIL = re.compile(r"[a-z0-9._%+'-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")


def add(
    session: Session, by: Actor | None, *, email: str, name: str, team: str = "", administrator: bool = False,
    guest: bool = False, password: str | None = None,
) -> Person:
    """Add a person. `by` is the administrator who does it, None for the command line.

    Raises: Denied; Invalid for a value that cannot be taken; Conflict if somebody has this address.
    """
    require_administrator(by)
    email, name, team = clean_email(email), clean_name(name), clean_team(team)
    if administrator and guest:
        raise Invalid(N_("A guest cannot be an administrator."), field="administrator")
    if password is not None:
        passwords.checked(password, own=(name, email, email.split("@")[0]))
    chain = journal.lock(session, journal.SITE)
    if session.scalar(select(Person.id).where(Person.email == email)) is not None:
        raise Conflict(N_("Somebody already has this e-mail address."), field="email")
    return enter(
        session, chain, by.id if by else None, email=email, name=name, team=team, administrator=administrator, guest=guest,
        password=password,
    )


def enter(
    session: Session, chain: Chain, by: str | None, *, email: str, name: str, team: str = "", administrator: bool = False,
    guest: bool = False, password: str | None = None,
) -> Person:
    """Write the row of a person whom nobody has the address of, clean already, for a verb that asked the right to.

    The caller holds the site's chain.
    """
    now = clock.now()
    person = Person(
        email=email, name=name, team=team, created_at=now, guest_since=now if guest else None,
        administrator_since=now if administrator else None,
        password_hash=passwords.kept(password) if password is not None else None,
        password_set_at=now if password is not None else None,
    )
    session.add(person)
    session.flush()
    journal.add(session, chain, actor=by, act="add_person", object=f"person:{person.id}", content=f"{name} <{email}>")
    return person


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


def clean_team(raw: object) -> str:
    """Return the name of a team, or nothing. Raises: Invalid."""
    return line(raw, field="team", limit=80, required=False)


def choose_team(session: Session, by: Actor | None, person: Person, team: str) -> None:
    """Say which team somebody works in. `by` is the administrator who does it, None for the command line.

    Raises: Denied; Invalid.
    """
    require_administrator(by)
    team = clean_team(team)
    chain = journal.lock(session, journal.SITE)
    session.refresh(person)
    if person.team != team:
        person.team = team
        journal.add(session, chain, actor=by.id if by else None, act="choose_team", object=f"person:{person.id}", content=team)


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
    subject, account = attempts.own(person.id), attempts.account(person.email)
    attempts.check(session, {subject: attempts.PER_ACCOUNT})
    if isinstance(password, str) and passwords.is_right(password, person.password_hash):
        attempts.forget(session, subject, [])
        return
    attempts.add(session, subject)
    journal.add(session, journal.lock(session, journal.SITE), actor=None, act="refuse_password", object=f"account:{account[:16]}")
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
    end_links(session, person_id)


def end_links(session: Session, person_id: str) -> None:
    """End every one-time link of a person that they did not use."""
    session.execute(delete(OneTimeLink).where(OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None)))


def choose_language(session: Session, actor: Actor, language: str) -> None:
    """Set the language in which the actor reads the pages. Raises: Invalid."""
    if language not in LANGUAGES:
        raise Invalid(N_("Choose English or French."), field="language")
    session.execute(update(Person).where(Person.id == actor.id).values(language=language))


def choose_timezone(session: Session, actor: Actor, timezone: str) -> None:
    """Set the zone in which the actor reads times; nothing for the site's own. Raises: Invalid."""
    if timezone and timezone not in zones():
        raise Invalid(N_("Choose a time zone of the list, such as Europe/Paris."), field="timezone")
    session.execute(update(Person).where(Person.id == actor.id).values(timezone=timezone or None))


@cache
def zones() -> tuple[str, ...]:
    """Return the time zones that somebody can choose: a region and a place, and UTC."""
    return ("UTC", *sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/"))))


def rename(session: Session, actor: Actor, name: object) -> bool:
    """Change the actor's own name and say whether it is new; what was signed with the old one keeps it.

    Raises: Invalid; Conflict where it is the name of somebody else, whom only an administrator tells apart.
    """
    name = clean_name(name)
    chain = journal.lock(session, journal.SITE)
    person = session.get(Person, actor.id, populate_existing=True)
    if person.name == name:
        return False
    others = session.scalars(select(Person.name).where(Person.id != actor.id, Person.disabled_at.is_(None)))
    if any(folded(other) == folded(name) for other in others):
        raise Conflict(N_("Somebody else has this name. An administrator can give it to you."), field="name")
    put_name(session, chain, actor, person, name)
    return True


def put_name(session: Session, chain: Chain, by: Actor | None, person: Person, name: str) -> None:
    """Write another name of a person, clean already, into their row and the journal. The caller holds the lock."""
    person.name, person.renamed_at = name, clock.now()
    journal.add(session, chain, actor=by.id if by else None, act="rename", object=f"person:{person.id}", content=name)


def disable(session: Session, by: Actor | None, person: Person) -> None:
    """Disable a person: their sign-ins, links and tokens end at once; what they did and wrote stays.

    Raises: Denied; Conflict for the last administrator.
    """
    require_administrator(by)
    if by is not None and by.id == person.id:
        raise Denied(N_("Somebody else must disable you."))
    chain = journal.lock(session, journal.SITE)
    session.refresh(person)
    administrators.keep_one(session, person)
    now = clock.now()
    if person.disabled_at is None:
        person.disabled_at = now
        journal.add(session, chain, actor=by.id if by else None, act="disable", object=f"person:{person.id}")
    end_ways_in(session, person.id)
    session.execute(update(Token).where(Token.person_id == person.id, Token.revoked_at.is_(None)).values(revoked_at=now))


def _record(session: Session, actor_id: str | None, act: str, person_id: str) -> None:
    chain = journal.lock(session, journal.SITE)
    journal.add(session, chain, actor=actor_id, act=act, object=f"person:{person_id}")
