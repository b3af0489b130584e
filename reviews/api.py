"""Upkeep in the JSON API: the same verbs as the pages."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from accounts import spaces
from accounts.models import Space
from accounts.web import reading, writing
from core.api import Endpoint, PageQuery, page_of
from core.errors import N_, Unauthenticated
from core.web import site
from reviews import addresses, calendar, reviewing
from reviews.answers import AddressAnswer, CalendarAnswer, DueAnswer, LookAnswer, ReviewAnswer, ReviewsAnswer
from reviews.calendar_views import address_of
from reviews.looking import look
from reviews.reviewing import LONGEST_NOTE, Said
from reviews.shapes import due_shape, entry_shape, look_shape, review_shape
from reviews.upkeep import Reviews
from wiki import procedures
from wiki.rendering import shown


class ReviewBody(BaseModel):
    """What the reviewer says of exactly this version."""

    model_config = ConfigDict(extra="forbid", strict=True)

    version: int = Field(ge=1, le=2**31 - 1)
    verdict: Literal["still_right", "needs_change", "retire"]
    note: str = Field("", max_length=LONGEST_NOTE)


def get_due(code: str) -> dict:
    """Read when a procedure is due for review."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    standing = procedures.standing_of(session, found.procedure, site().library)
    version = standing.in_force
    text = shown(session, site().database, site().library, found.space, version) if version else None
    kept = Reviews(site().library).kept(session, found, standing, text.facts if text else None)
    return due_shape(found.procedure.code, version.number if version else None, kept)


def get_review(code: str) -> dict:
    """Read what happened around a procedure since its last review."""
    session, actor = reading()
    return look_shape(look(session, site().database, site().library, actor, code))


def add_review(code: str, body: ReviewBody) -> dict:
    """Say of the version in force that it is still right, needs a change, or should be retired."""
    with writing() as (session, actor):
        said = reviewing.review(session, site().library, actor, code, **body.model_dump())
        return review_shape(Said(said, actor.name))


def list_reviews(code: str, query: PageQuery) -> dict:
    """List what was said of a procedure at its reviews, the newest first."""
    session, actor = reading()
    found = reviewing.reviewable(session, actor, code)
    listed, total = reviewing.history(session, found.procedure, page=query.page, page_size=query.page_size)
    return page_of([review_shape(one) for one in listed], total, query)


def space_calendar(slug: str, query: PageQuery) -> dict:
    """List the days that matter in a space: reviews that are due, versions that take force."""
    session, actor = reading()
    return _entries(session, [spaces.by_slug(session, actor, slug)], query)


def own_calendar(query: PageQuery) -> dict:
    """List the days that matter in every space in which the token's owner has a role."""
    session, actor = reading()
    if not actor.is_somebody:
        raise Unauthenticated(N_("Sign in to do this."))
    return _entries(session, calendar.own_spaces(session, actor), query)


def make_address() -> dict:
    """Make the private address of one's calendar and tell it once; the one before ends."""
    with writing() as (session, actor):
        return {"url": address_of(addresses.make(session, actor))}


def end_address() -> dict:
    """End the private address of one's calendar."""
    with writing() as (session, actor):
        addresses.end(session, actor)
        return {"url": None}


ENDPOINTS = [
    Endpoint("GET", "/procedures/<code>/due", get_due, answer=DueAnswer),
    Endpoint("GET", "/procedures/<code>/review", get_review, answer=LookAnswer),
    Endpoint("POST", "/procedures/<code>/review", add_review, body=ReviewBody, answer=ReviewAnswer),
    Endpoint("GET", "/procedures/<code>/reviews", list_reviews, query=PageQuery, answer=ReviewsAnswer),
    Endpoint("GET", "/spaces/<slug>/calendar", space_calendar, query=PageQuery, answer=CalendarAnswer),
    Endpoint("GET", "/calendar", own_calendar, query=PageQuery, answer=CalendarAnswer),
    Endpoint("POST", "/calendar/address", make_address, answer=AddressAnswer, status=201),
    Endpoint("DELETE", "/calendar/address", end_address, answer=AddressAnswer),
]


def _entries(session: Session, of: Sequence[Space], query: PageQuery) -> dict:
    found = calendar.days(session, site().library, of)
    start = (query.page - 1) * query.page_size
    page = page_of([entry_shape(one) for one in found.entries[start : start + query.page_size]], len(found.entries), query)
    return page | {"dateless": [one.code for one in found.dateless]}
