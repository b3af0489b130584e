"""Spaces in the JSON API, as administrators look after them, and who is in one."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from accounts import administering, directory, grants, space_settings, spaces
from accounts.actors import Actor
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import may
from accounts.space_settings import Facts
from accounts.web import reading, writing
from core.api import Endpoint, PageQuery, page_of

_STRICT = ConfigDict(extra="forbid", strict=True)
Visibility = Literal["public", "internal", "restricted"]
Language = Literal["en", "fr"]
Role = Literal["member", "author", "approver", "animator", "auditor"]


class SpaceBody(BaseModel):
    """A space to add."""

    model_config = _STRICT

    slug: str = Field(max_length=100)
    name: str = Field(max_length=500)
    description: str = Field(default="", max_length=10_000)
    visibility: Visibility = "internal"
    approvals: int = 1
    language: Language = "en"
    prefix: str | None = Field(default=None, max_length=20)
    words_budget: int | None = None


class SpaceFacts(BaseModel):
    """Settings of a space; one left out stays as it is, and a budget of 0 is none."""

    model_config = _STRICT

    name: str | None = Field(default=None, max_length=500)
    description: str | None = Field(default=None, max_length=10_000)
    visibility: Visibility | None = None
    language: Language | None = None
    prefix: str | None = Field(default=None, max_length=20)
    words_budget: int | None = None
    guests_meet: bool | None = None
    recommendations: int | None = None


class AdministeredSpace(BaseModel):
    """A space and its settings; what it says of itself is null to whoever may not read it."""

    slug: str
    name: str
    description: str | None
    visibility: Visibility
    approvals_required: int
    language: Language
    prefix: str | None
    words_budget: int | None
    guests_meet: bool
    recommendations: int
    archived_at: datetime | None


class AdministeredSpaces(BaseModel):
    """One page of all the spaces there are."""

    items: list[AdministeredSpace]
    total: int
    page: int
    page_size: int


class MemberAnswer(BaseModel):
    """Somebody of a space: their roles, until when, and who let them in."""

    id: str
    name: str
    guest: bool
    roles: list[Role]
    ends_at: datetime | None
    brought_by: str | None


class MembersAnswer(BaseModel):
    """Everybody of a space."""

    items: list[MemberAnswer]


class HeldRole(BaseModel):
    """A role, whether somebody holds it now, and whether that is new."""

    role: Role
    holds: bool
    changed: bool


def list_spaces(query: PageQuery) -> dict:
    """List every space there is."""
    session, actor = reading()
    found, total = spaces.every(session, actor, page=query.page, page_size=query.page_size)
    return page_of([_shape(actor, space) for space in found], total, query)


def add_space(body: SpaceBody) -> dict:
    """Add a space."""
    with writing() as (session, actor):
        return _shape(actor, spaces.add(session, actor, **body.model_dump()))


def get_space(slug: str) -> dict:
    """Read the settings of a space."""
    session, actor = reading()
    return _shape(actor, spaces.administered(session, actor, slug))


def put_space(slug: str, body: SpaceFacts) -> dict:
    """Change the settings of a space."""
    with writing() as (session, actor):
        space = spaces.administered(session, actor, slug)
        space_settings.edit(session, actor, space, Facts(**body.model_dump()))
        return _shape(actor, space)


def archive(slug: str) -> dict:
    """Archive a space: it is read, and nothing is written in it."""
    return _close(slug, space_settings.archive)


def reopen(slug: str) -> dict:
    """Open an archived space again."""
    return _close(slug, space_settings.reopen)


def _close(slug: str, verb) -> dict:
    with writing() as (session, actor):
        space = spaces.administered(session, actor, slug)
        verb(session, actor, space)
        return _shape(actor, space)


def list_roles(slug: str) -> dict:
    """List who has which role in a space, as its administrators see it."""
    session, actor = reading()
    return {"items": [_member(one) for one in directory.of_space(session, spaces.administered(session, actor, slug))]}


def list_members(slug: str) -> dict:
    """List who is in a space, as its own people see it."""
    session, actor = reading()
    return {"items": [_member(one) for one in directory.seen(session, actor, spaces.by_slug(session, actor, slug))]}


def grant(slug: str, id: str, role: str) -> dict:
    """Give somebody a role in a space."""
    return _change(slug, id, role, grants.grant, holds=True)


def revoke(slug: str, id: str, role: str) -> dict:
    """Take a role in a space from somebody."""
    return _change(slug, id, role, grants.revoke, holds=False)


def _change(slug: str, id: str, role: str, verb, *, holds: bool) -> dict:
    with writing() as (session, actor):
        space = spaces.administered(session, actor, slug)
        changed = verb(session, actor, space, administering.person(session, actor, id), role)
        return {"role": role, "holds": holds, "changed": changed}


def _shape(actor: Actor, space: Space) -> dict:
    reads = may(actor, Permission.READ, space)
    return {
        "slug": space.slug,
        "name": space.name,
        "description": space.description if reads else None,
        "visibility": space.visibility,
        "approvals_required": space.approvals_required,
        "language": space.language,
        "prefix": space.prefix if reads else None,
        "words_budget": space.words_budget,
        "guests_meet": space.guests_meet_since is not None,
        "recommendations": space.recommendations,
        "archived_at": space.archived_at,
    }


def _member(one: directory.Member) -> dict:
    return {
        "id": one.person.id,
        "name": one.person.name,
        "guest": one.person.guest_since is not None,
        "roles": list(one.roles),
        "ends_at": one.ends_at,
        "brought_by": one.brought_by.name if one.brought_by else None,
    }


_AT = "/administration/spaces"
ENDPOINTS = [
    Endpoint("GET", _AT, list_spaces, query=PageQuery, answer=AdministeredSpaces),
    Endpoint("POST", _AT, add_space, body=SpaceBody, answer=AdministeredSpace, status=201),
    Endpoint("GET", f"{_AT}/<slug>", get_space, answer=AdministeredSpace),
    Endpoint("PUT", f"{_AT}/<slug>", put_space, body=SpaceFacts, answer=AdministeredSpace),
    Endpoint("POST", f"{_AT}/<slug>/archive", archive, answer=AdministeredSpace),
    Endpoint("POST", f"{_AT}/<slug>/reopen", reopen, answer=AdministeredSpace),
    Endpoint("GET", f"{_AT}/<slug>/people", list_roles, answer=MembersAnswer),
    Endpoint("PUT", f"{_AT}/<slug>/people/<id>/<role>", grant, answer=HeldRole),
    Endpoint("DELETE", f"{_AT}/<slug>/people/<id>/<role>", revoke, answer=HeldRole),
    Endpoint("GET", "/spaces/<slug>/people", list_members, answer=MembersAnswer),
]
