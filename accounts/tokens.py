"""Keys to the JSON API: each acts as its owner until it is revoked."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.actors import Actor, hashed, new_secret
from accounts.models import Person, Token
from accounts.policy import require_administrator
from core import clock, journal
from core.errors import Conflict, Invalid, N_, NotFound
from core.text import line

MOST = 50


def add(session: Session, by: Actor | None, person: Person, *, name: str) -> str:
    """Make a token of a person and return it; only its hash is kept. `by` is None for the command line.

    Raises: Denied; Invalid for a disabled person or an empty name.
    """
    require_administrator(by)
    return _made(session, by, person, name)


def make_own(session: Session, actor: Actor, *, name: object) -> str:
    """Make a token of one's own and return it; only its hash is kept. Raises: Invalid; Conflict above the number one may hold."""
    if len(listed(session, actor)) >= MOST:
        raise Conflict(N_("At most %(most)s tokens. Revoke one that you no longer use."), field="name", most=MOST)
    return _made(session, actor, session.get(Person, actor.id), name)


def listed(session: Session, actor: Actor) -> list[Token]:
    """Return the actor's own tokens that still open something, the newest first."""
    rows = select(Token).where(Token.person_id == actor.id, Token.revoked_at.is_(None))
    return list(session.scalars(rows.order_by(Token.created_at.desc(), Token.token_hash)))


def by_secret(session: Session, secret: str) -> Token:
    """Return the row of a token."""
    return session.get_one(Token, hashed(secret))


def revoke(session: Session, actor: Actor, id: str) -> Token:
    """Revoke one of the actor's own tokens by what the list calls it. Raises: NotFound."""
    chain = journal.lock(session, journal.SITE)
    known = func.substr(Token.token_hash, 1, 16) == id
    found = session.scalar(select(Token).where(Token.person_id == actor.id, known, Token.revoked_at.is_(None)))
    if found is None:
        raise NotFound()
    found.revoked_at = clock.now()
    journal.add(session, chain, actor=actor.id, act="revoke_token", object=f"person:{actor.id}", content=found.name)
    return found


def _made(session: Session, by: Actor | None, person: Person, name: object) -> str:
    name = line(name, field="name", limit=120)
    if person.disabled_at is not None:
        raise Invalid(N_("%(name)s was disabled."), name=person.name)
    chain = journal.lock(session, journal.SITE)
    secret = new_secret()
    session.add(Token(token_hash=hashed(secret), person_id=person.id, name=name, created_at=clock.now()))
    journal.add(session, chain, actor=by.id if by else None, act="add_token", object=f"person:{person.id}", content=name)
    return secret
