"""Who is asking: a person and their grants, found in one statement by whatever they showed."""

import hashlib
import secrets

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from accounts.models import Grant, Person, SignIn, Token
from accounts.policy import NOBODY, Actor, actor_of
from core import clock

_PERSON = (
    Person.id, Person.name, Person.language, Person.guest_since, Person.administrator_since, Person.password_hash,
    Grant.space_id, Grant.role, Grant.granted_at,
)


def _shown(key, owner) -> Select:
    """Select a person and their grants by what they showed: the row of `key` whose hash is given."""
    return (
        select(*_PERSON)
        .select_from(key)
        .join(Person, Person.id == owner)
        .outerjoin(Grant, Grant.person_id == Person.id)
        .where(Person.disabled_at.is_(None))
    )


# Built once: every request of somebody signed in runs one of these.
_BY_SIGN_IN = _shown(SignIn, SignIn.person_id).where(SignIn.token_hash == bindparam("hash"), SignIn.expires_at > bindparam("now"))
_BY_TOKEN = _shown(Token, Token.person_id).where(Token.token_hash == bindparam("hash"), Token.revoked_at.is_(None))
_BY_ID = select(*_PERSON).select_from(Person).outerjoin(Grant).where(Person.id == bindparam("id"), Person.disabled_at.is_(None))


def new_secret() -> str:
    """Return a random secret of 256 bits, as characters that an address or a header can carry."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """Return what is kept of a secret. It is random and long, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def by_sign_in(session: Session, secret: str) -> Actor:
    """Return whose sign-in this is; nobody if it ended or its person was disabled."""
    return _found(session, _BY_SIGN_IN, {"hash": hashed(secret), "now": clock.now()})


def by_token(session: Session, secret: str) -> Actor:
    """Return whose API token this is; nobody if it was revoked or its person was disabled."""
    return _found(session, _BY_TOKEN, {"hash": hashed(secret)})


def by_id(session: Session, person_id: str) -> Actor:
    """Return a person as an actor; nobody if there is no such person or they were disabled."""
    return _found(session, _BY_ID, {"id": person_id})


def _found(session: Session, statement: Select, values: dict) -> Actor:
    rows = session.connection().execute(statement, values).all()
    if not rows:
        return NOBODY
    return actor_of(rows[0], [row for row in rows if row.space_id is not None])
