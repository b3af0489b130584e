"""Gaps in the JSON API."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from accounts import spaces
from accounts.web import reading, writing
from core import clock
from core.api import Day, Endpoint, PageQuery, page_of
from core.errors import Invalid, N_
from core.web import site
from discussions import gaps, threads
from discussions.care import PARTS
from discussions.gap_views import in_state
from discussions.gaps import Gap, Said


class GapBody(BaseModel):
    """What is said of a gap: only the parts given."""

    model_config = ConfigDict(extra="forbid", strict=True)

    cause: str | None = Field(None)
    answer: str | None = Field(None)
    action: str | None = Field(None)
    close_by: Day | None = None


class SaidAnswer(BaseModel):
    """What was said last of one part of a gap; `before` counts what was said before."""

    value: str
    by: str
    at: str
    before: int


class GapsQuery(PageQuery):
    """Which gaps of a space to list: the open ones unless told otherwise."""

    state: Literal["open", "closed"] = "open"


class GapAnswer(BaseModel):
    """A gap, the owner line of its procedure, what was said of it, and when and by whom it was closed."""

    thread: str
    heading: str
    state: str
    code: str | None
    owner: str
    opened_at: str
    opened_by: str
    overdue: bool
    closed_at: str | None
    closed_by: str | None
    cause: SaidAnswer | None
    answer: SaidAnswer | None
    action: SaidAnswer | None
    close_by: SaidAnswer | None


class GapsAnswer(BaseModel):
    """A page of gaps: the open ones, those to be closed soonest first, or the closed ones, the last one first."""

    items: list[GapAnswer]
    total: int
    page: int
    page_size: int


class GapPartsAnswer(BaseModel):
    """What was said of a gap."""

    cause: SaidAnswer | None
    answer: SaidAnswer | None
    action: SaidAnswer | None
    close_by: SaidAnswer | None


def list_gaps(slug: str, query: GapsQuery) -> dict:
    """List the open gaps of a space, those to be closed soonest first, or the closed ones, the last one first."""
    session, actor = reading()
    found, total = in_state(session, spaces.by_slug(session, actor, slug), query.state, query.page, query.page_size)
    return page_of([_shape(one) for one in found], total, query)


def read_gap(id: str) -> dict:
    """Read what was said of a gap."""
    session, actor = reading()
    return _parts(gaps.parts_of(session, threads.readable(session, actor, id).thread))


def say_of_gap(id: str, body: GapBody) -> dict:
    """Say of a gap its cause, the answer, the action, or the day it is to be closed by."""
    given = {part: value for part in PARTS if (value := getattr(body, part)) is not None}
    with writing() as (session, actor):
        thread = threads.readable(session, actor, id).thread
        if not given:
            raise Invalid(N_("Say at least one of cause, answer, action and close_by."), field="cause")
        for part, value in given.items():
            gaps.say(session, site().library, actor, thread, part, value)
        return _parts(gaps.parts_of(session, thread))


ENDPOINTS = [
    Endpoint("GET", "/spaces/<slug>/gaps", list_gaps, query=GapsQuery, answer=GapsAnswer),
    Endpoint("GET", "/threads/<id>/gap", read_gap, answer=GapPartsAnswer),
    Endpoint("PUT", "/threads/<id>/gap", say_of_gap, body=GapBody, answer=GapPartsAnswer),
]


def _shape(gap: Gap) -> dict:
    thread = gap.thread
    return {
        "thread": thread.id, "heading": thread.heading, "state": thread.state, "code": thread.code, "owner": gap.owner,
        "opened_at": clock.rfc3339(thread.opened_at), "opened_by": thread.opener, "overdue": gap.is_overdue,
        "closed_at": clock.rfc3339(gap.ended_at) if gap.ended_at else None, "closed_by": gap.ender or None, **_parts(gap.parts),
    }


def _parts(said: dict[str, Said]) -> dict:
    return {part: _said(said[part]) if part in said else None for part in PARTS}


def _said(one: Said) -> dict:
    value = one.day.isoformat() if one.day else one.words
    return {"value": value, "by": one.name, "at": clock.rfc3339(one.at), "before": one.before}
