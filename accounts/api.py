"""Who one is, and the spaces that one can read, in the JSON API."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel
from sqlalchemy import select

from accounts import account_api, guest_api, people_api, seating, space_api, spaces
from accounts.models import Space
from accounts.policy import roles_in
from accounts.seat_forms import SeatsBody, seats_of_body
from accounts.seats import seats_as_data
from accounts.web import reading, writing
from core.api import Endpoint, PageQuery, page_of
from core.errors import N_, Unauthenticated

Language = Literal["en", "fr"]


class MeAnswer(BaseModel):
    """The person whose token it is, with their roles by space."""

    id: str
    name: str
    language: Language | None
    timezone: str | None
    guest: bool
    administrator: bool
    roles: dict[str, list[str]]


class SeatAnswer(BaseModel):
    """One approval and who may give it; people by id."""

    who: Literal["any", "people", "team", "role", "owner"]
    of: list[str]


class SpaceApprovals(BaseModel):
    """Who approves in a space."""

    space: str
    seats: list[SeatAnswer]


class SpaceAnswer(BaseModel):
    """A space."""

    slug: str
    name: str
    description: str
    visibility: Literal["public", "internal", "restricted"]
    approvals_required: int
    language: Language
    prefix: str
    words_budget: int | None
    archived_at: datetime | None


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
        "timezone": actor.timezone,
        "guest": actor.is_guest,
        "administrator": actor.is_administrator,
        "roles": {space.slug: sorted(roles) for space in held if (roles := roles_in(actor, space))},
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


def set_approvals(slug: str, body: SeatsBody) -> dict:
    """Say how many approvals a space asks for, and from whom."""
    with writing() as (session, actor):
        space = spaces.administered(session, actor, slug)
        seating.set_seats(session, actor, space, seats_of_body(body))
        return _approvals(space)


def get_approvals(slug: str) -> dict:
    """Say who approves in a space."""
    session, actor = reading()
    return _approvals(spaces.by_slug(session, actor, slug))


def _approvals(space: Space) -> dict:
    return {"space": space.slug, "seats": seats_as_data(seating.seats_of(space))}


def _shape(space: Space) -> dict:
    return {
        "slug": space.slug,
        "name": space.name,
        "description": space.description,
        "visibility": space.visibility,
        "approvals_required": space.approvals_required,
        "language": space.language,
        "prefix": space.prefix,
        "words_budget": space.words_budget,
        "archived_at": space.archived_at,
    }


ENDPOINTS = [
    Endpoint("GET", "/me", me, answer=MeAnswer),
    Endpoint("GET", "/spaces", list_spaces, query=PageQuery, answer=SpacesAnswer),
    Endpoint("GET", "/spaces/<slug>", get_space, answer=SpaceAnswer),
    Endpoint("PUT", "/administration/spaces/<slug>/approvals", set_approvals, body=SeatsBody, answer=SpaceApprovals),
    Endpoint("GET", "/spaces/<slug>/approvals", get_approvals, answer=SpaceApprovals),
    *account_api.ENDPOINTS,
    *people_api.ENDPOINTS,
    *space_api.ENDPOINTS,
    *guest_api.ENDPOINTS,
]
