"""Who is asking: a person and their grants, found in one statement by whatever they showed. What they may is in policy.py."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from accounts.models import Grant, Person, SignIn, Space, Token
from core import clock


@dataclass(frozen=True)
class Actor:
    """Who is asking: a person with their roles per space id, or nobody."""

    id: str | None = None
    name: str = ""
    team: str = ""
    language: str | None = None
    timezone: str | None = None
    is_guest: bool = False
    is_administrator: bool = False
    has_password: bool = False
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    granted_at: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    named: Mapping[tuple[str, str], int] = field(default_factory=dict)     # when, in the order of the space's chain
    until: datetime | None = None       # when what they showed, or a grant, ends by itself

    @property
    def is_somebody(self) -> bool:
        """Whether anybody is signed in."""
        return self.id is not None

    @property
    def is_employee(self) -> bool:
        """Whether this is a person of the company rather than a guest or nobody."""
        return self.is_somebody and not self.is_guest


NOBODY = Actor()
PREVIEWER = "0" * 16        # an id that nobody has


def actor_of(person: Person, grants: Collection, until: datetime | None = None) -> Actor:
    """Return a person as an actor; `grants` are rows with space_id, role, granted_at, sequence and ends_at.

    A grant that has ended counts for nothing from that instant on; no job takes it away. `until` is when what they
    showed ends.
    """
    now = clock.now()
    grants = [grant for grant in grants if grant.ends_at is None or grant.ends_at > now]
    roles: dict[str, set[str]] = {}
    for grant in grants:
        roles.setdefault(grant.space_id, set()).add(grant.role)
    return Actor(
        id=person.id,
        name=person.name,
        team=person.team,
        language=person.language,
        timezone=person.timezone,
        is_guest=person.guest_since is not None,
        is_administrator=person.administrator_since is not None,
        has_password=person.password_hash is not None,
        roles={space: frozenset(held) for space, held in roles.items()},
        granted_at={(grant.space_id, grant.role): grant.granted_at for grant in grants},
        named={(grant.space_id, grant.role): grant.sequence for grant in grants},
        until=min(filter(None, [until, *(grant.ends_at for grant in grants)]), default=None),
    )


def seen_as(role: str, space: Space, name: str = "", language: str | None = None, timezone: str | None = None) -> Actor:
    """Return somebody who is nobody, with one role in one space: with whose eyes a preview looks."""
    held = "member" if role == "guest" else role
    return Actor(
        id=PREVIEWER, name=name, language=language, timezone=timezone, is_guest=role == "guest",
        roles={space.id: frozenset({held})}, named={(space.id, held): 0},
    )


_PERSON = (
    Person.id, Person.name, Person.team, Person.language, Person.timezone, Person.guest_since, Person.administrator_since, Person.password_hash,
    Grant.space_id, Grant.role, Grant.granted_at, Grant.sequence, Grant.ends_at,
)


def _shown(key, owner, *more) -> Select:
    """Select a person and their grants by what they showed, the row of `key` whose hash is given, and `more` of that row."""
    return (
        select(*_PERSON, *more)
        .select_from(key)
        .join(Person, Person.id == owner)
        .outerjoin(Grant, Grant.person_id == Person.id)
        .where(Person.disabled_at.is_(None))
    )


# Built once: every request of somebody signed in runs one of these.
_BY_SIGN_IN = _shown(SignIn, SignIn.person_id, SignIn.expires_at).where(SignIn.token_hash == bindparam("hash"), SignIn.expires_at > bindparam("now"))
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
    return actor_of(rows[0], [row for row in rows if row.space_id is not None], getattr(rows[0], "expires_at", None))
