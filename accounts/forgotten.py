"""A forgotten password: a link by mail, and nothing that says whether there is anybody to send it to."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accounts import attempts, people
from accounts.actors import hashed, new_secret
from accounts.models import OneTimeLink, Person
from core import clock, journal

LASTS = timedelta(hours=2)


def ask(session: Session, email: str, address: str, *, limited: bool = True) -> str:
    """Count an asking from a network address and return the e-mail address as it is kept, whoever has it.

    `limited` is false only where speed is measured. Raises: Invalid for what is no address; TooMany.
    """
    email = people.clean_email(email)
    account, place = attempts.forgotten(email), attempts.forgotten_from(address)
    if limited:
        attempts.check(session, {account: attempts.FORGOTTEN_PER_ACCOUNT, place: attempts.FORGOTTEN_PER_ADDRESS})
    attempts.add(session, account, place)
    chain = journal.lock(session, journal.SITE)
    journal.add(session, chain, actor=None, act="forget_password", object=f"account:{attempts.account(email)[:16]}")
    return email


def answer(session: Session, email: str) -> tuple[Person, str] | None:
    """Make the link for somebody who forgot their password; None where nobody has this address, or they were disabled.

    An administrator's link stays: whoever asks for a password again and again takes it from nobody.
    """
    chain = journal.lock(session, journal.SITE)
    person = session.scalar(select(Person).where(Person.email == email, Person.disabled_at.is_(None)))
    if person is None:
        return None
    earlier = (OneTimeLink.person_id == person.id, OneTimeLink.purpose == "password", OneTimeLink.used_at.is_(None))
    session.execute(delete(OneTimeLink).where(*earlier))
    secret, now = new_secret(), clock.now()
    session.add(
        OneTimeLink(token_hash=hashed(secret), person_id=person.id, created_at=now, expires_at=now + LASTS, purpose="password")
    )
    journal.add(session, chain, actor=None, act="add_link", object=f"person:{person.id}")
    return person, secret
