"""Keys to the JSON API: each acts as its owner until it is revoked."""

from sqlalchemy.orm import Session

from accounts.actors import hashed, new_secret
from accounts.models import Person, Token
from accounts.people import require_administrator
from accounts.policy import Actor
from core import clock, journal
from core.errors import Invalid, N_
from core.text import line


def add(session: Session, by: Actor | None, person: Person, *, name: str) -> str:
    """Make a token of a person and return it; only its hash is kept. `by` is None for the command line.

    Raises: Denied; Invalid for a disabled person or an empty name.
    """
    require_administrator(by)
    name = line(name, field="name", limit=120)
    if person.disabled_at is not None:
        raise Invalid(N_("%(name)s was disabled."), name=person.name)
    chain = journal.lock(session, journal.SITE)
    secret = new_secret()
    session.add(Token(token_hash=hashed(secret), person_id=person.id, name=name, created_at=clock.now()))
    journal.add(session, chain, actor=by.id if by else None, act="add_token", object=f"person:{person.id}", content=name)
    return secret
