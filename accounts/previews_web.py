"""Looking at a space with somebody else's eyes: kept in the browser's session, asked again on every page."""

from dataclasses import dataclass

from flask import g
from flask import session as cookie
from sqlalchemy.orm import Session

from accounts import policy
from accounts.actors import Actor, seen_as
from accounts.models import Space

_KEY = "seen_as"


@dataclass(frozen=True)
class Seen:
    """With whose eyes a browser looks: of what space, in which role."""

    space: str
    slug: str
    role: str


def begin(space: Space, role: str) -> None:
    """Begin to show this browser a space as somebody with a role sees it."""
    cookie[_KEY] = [space.id, role]


def end() -> None:
    """Leave the preview."""
    cookie.pop(_KEY, None)


def has_begun() -> bool:
    """Say whether this browser is in a preview."""
    return _KEY in cookie


def shown() -> Seen | None:
    """Return what the page that is being made says about the preview, None outside of one."""
    return g.get(_KEY)


def worn(session: Session, actor: Actor) -> Actor:
    """Return the actor whose eyes are worn: in a preview nobody's, with one role; it ends as soon as its right does."""
    if not has_begun():
        return actor
    space_id, role = cookie[_KEY]
    space = session.get(Space, space_id)
    if space is None or not policy.may_preview(actor, role, space).allowed:
        end()
        return actor
    g.seen_as = Seen(space.name, space.slug, role)
    return seen_as(role, space, name=actor.name, language=actor.language, timezone=actor.timezone)
