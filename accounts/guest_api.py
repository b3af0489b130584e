"""Invitations in the JSON API."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from accounts import invitations, inviting, spaces
from accounts.models import Invitation
from accounts.policy import require_inviter
from accounts.web import invitation_address, reading, writing
from core.api import Day, Endpoint
from core.web import site

_STRICT = ConfigDict(extra="forbid", strict=True)


class InvitationBody(BaseModel):
    """Whom to invite, and until which day."""

    model_config = _STRICT

    email: str = Field(max_length=300)
    ends_on: Day
    note: str = Field(default="", max_length=2000)


class KeepBody(BaseModel):
    """That somebody is still needed; until another day, if one is given."""

    model_config = _STRICT

    ends_on: Day | None = None


class EntryBody(BaseModel):
    """The secret of an invitation: the last part of its address."""

    model_config = _STRICT

    invitation: str = Field(max_length=200)


class InvitationAnswer(BaseModel):
    """An invitation; `link` only where it was made just now."""

    id: str
    kind: Literal["invitation", "recommendation"]
    email: str
    note: str
    inviter: str
    made_at: datetime
    expires_at: datetime
    ends_on: date
    person: str | None
    used_at: datetime | None
    kept_at: datetime | None
    ended_at: datetime | None
    link: str | None


class InvitationsAnswer(BaseModel):
    """The invitations of a space that one may see."""

    items: list[InvitationAnswer]


class AcceptedAnswer(BaseModel):
    """Who came in."""

    person: str


def list_invitations(slug: str) -> dict:
    """List the invitations into a space."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    require_inviter(actor, space)
    return {"items": [_shape(one.invitation) for one in inviting.of_space(session, actor, space)]}


def list_administered(slug: str) -> dict:
    """List the invitations into a space, for its administrators."""
    session, actor = reading()
    space = spaces.administered(session, actor, slug)
    return {"items": [_shape(one.invitation) for one in inviting.of_space(session, actor, space)]}


def invite(slug: str, body: InvitationBody) -> dict:
    """Invite, or recommend, somebody into a space."""
    return _invite(slug, body, spaces.by_slug)


def invite_by_administrator(slug: str, body: InvitationBody) -> dict:
    """Invite somebody into a space as an administrator."""
    return _invite(slug, body, spaces.administered)


def _invite(slug: str, body: InvitationBody, load) -> dict:
    with writing() as (session, actor):
        space = load(session, actor, slug)
        made, secret = invitations.make(
            session, actor, space, email=body.email, ends_on=body.ends_on, zone=site().settings.timezone, note=body.note
        )
        return _shape(made, invitation_address(secret))


def accept(body: EntryBody) -> dict:
    """Use an invitation that is for one's own address."""
    with writing() as (session, actor):
        return {"person": invitations.accept(session, actor, body.invitation, zone=site().settings.timezone).id}


def keep(id: str, body: KeepBody) -> dict:
    """Say that somebody invited is still needed."""
    with writing() as (session, actor):
        return _shape(inviting.keep(session, actor, id, zone=site().settings.timezone, ends_on=body.ends_on))


def end(id: str) -> dict:
    """Take an invitation back, or end the access that it gave."""
    with writing() as (session, actor):
        return _shape(inviting.end(session, actor, id))


def _shape(one: Invitation, link: str | None = None) -> dict:
    return {
        "id": one.id,
        "kind": one.kind,
        "email": one.email,
        "note": one.note,
        "inviter": one.inviter,
        "made_at": one.made_at,
        "expires_at": one.expires_at,
        "ends_on": one.ends_on,
        "person": one.person_id,
        "used_at": one.used_at,
        "kept_at": one.kept_at,
        "ended_at": one.ended_at,
        "link": link,
    }


ENDPOINTS = [
    Endpoint("GET", "/spaces/<slug>/invitations", list_invitations, answer=InvitationsAnswer),
    Endpoint("POST", "/spaces/<slug>/invitations", invite, body=InvitationBody, answer=InvitationAnswer, status=201),
    Endpoint("GET", "/administration/spaces/<slug>/invitations", list_administered, answer=InvitationsAnswer),
    Endpoint("POST", "/administration/spaces/<slug>/invitations", invite_by_administrator, body=InvitationBody, answer=InvitationAnswer, status=201),
    Endpoint("POST", "/invitations/accept", accept, body=EntryBody, answer=AcceptedAnswer),
    Endpoint("POST", "/invitations/<id>/keep", keep, body=KeepBody, answer=InvitationAnswer),
    Endpoint("POST", "/invitations/<id>/end", end, answer=InvitationAnswer),
]
