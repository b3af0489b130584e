"""People and spaces in the JSON API."""

from typing import Literal

from pydantic import BaseModel
from sqlalchemy import select

from accounts import spaces
from accounts.models import Space
from accounts.web import reading
from core.api import Endpoint, PageQuery, page_of
from core.errors import N_, Unauthenticated

Language = Literal["en", "fr"]


class MeAnswer(BaseModel):
    """The person whose token it is, with their roles by space."""

    id: str
    name: str
    language: Language | None
    guest: bool
    administrator: bool
    roles: dict[str, list[str]]


class SpaceAnswer(BaseModel):
    """A space."""

    slug: str
    name: str
    description: str
    visibility: Literal["public", "internal", "restricted"]
    approvals_required: int
    language: Language
    prefix: str


class SpacesAnswer(BaseModel):
    """One page of spaces."""

    items: list[SpaceAnswer]
    total: int
    page: int
    page_size: int


def me() -> dict:
    """Say whose token this is."""
    session, actor = reading()
    if not actor.is_somebody:
        raise Unauthenticated(N_("Send a token to do this: Authorization: Bearer …"))
    held = session.scalars(select(Space).where(Space.id.in_(list(actor.roles))).order_by(Space.slug))
    return {
        "id": actor.id,
        "name": actor.name,
        "language": actor.language,
        "guest": actor.is_guest,
        "administrator": actor.is_administrator,
        "roles": {space.slug: sorted(roles) for space in held if (roles := actor.roles_in(space))},
    }


def list_spaces(query: PageQuery) -> dict:
    """List the spaces that can be read."""
    session, actor = reading()
    found, total = spaces.listed(session, actor, page=query.page, page_size=query.page_size)
    return page_of([_shape(space) for space in found], total, query)


def get_space(slug: str) -> dict:
    """Read a space."""
    session, actor = reading()
    return _shape(spaces.by_slug(session, actor, slug))


def _shape(space: Space) -> dict:
    return {
        "slug": space.slug,
        "name": space.name,
        "description": space.description,
        "visibility": space.visibility,
        "approvals_required": space.approvals_required,
        "language": space.language,
        "prefix": space.prefix,
    }


ENDPOINTS = [
    Endpoint("GET", "/me", me, answer=MeAnswer),
    Endpoint("GET", "/spaces", list_spaces, query=PageQuery, answer=SpacesAnswer),
    Endpoint("GET", "/spaces/<slug>", get_space, answer=SpaceAnswer),
]
