"""Read and understood in the JSON API: the same verbs as the pages."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from accounts import spaces
from accounts.actors import Actor
from accounts.web import reading, writing
from core.api import Endpoint, PageQuery, page_of
from core.errors import N_, Unauthenticated
from core.web import site
from receipts.answers import AudienceAnswer, ReceiptAnswer, RemindedAnswer, Role, RollAnswer, ToReadsAnswer
from receipts.attesting import attest
from receipts.audiences import Chosen, audience, choose
from receipts.reminding import remind
from receipts.rolls import readable_roll
from receipts.shapes import audience_shape, line_shape, receipt_shape, reminded_shape, to_read_shape
from receipts.teams import teams_now
from receipts.to_read import to_read, to_read_in


class Body(BaseModel):
    """A body with these fields and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


class AudienceBody(Body):
    """A whole audience, which replaces the one there is; `digest` is the one it started from."""

    roles: list[Role] = []
    people: list[str] = Field(default=[], max_length=500)
    applies_to: bool = False
    digest: str | None = Field(None, max_length=64)


class ReceiptBody(Body):
    """The version that was read and understood."""

    version: int = Field(ge=1, le=2**31 - 1)


class RollQuery(PageQuery):
    """Which lines to list: those missing and those who attested the present text, unless told otherwise."""

    state: Literal["missing", "attested", "past"] | None = None


class ToReadQuery(PageQuery):
    """Of which space to list, by its slug."""

    space: str | None = Field(None, max_length=64)


def get_audience(code: str) -> dict:
    """Read whom a procedure asks to say that they have read it."""
    session, actor = reading()
    return _audience(session, actor, code)


def put_audience(code: str, body: AudienceBody) -> dict:
    """Say whom a procedure asks; nobody is asked where everything is empty."""
    chosen = Chosen(tuple(body.roles), tuple(body.people), body.applies_to)
    with writing() as (session, actor):
        choose(session, site().library, actor, code, chosen, body.digest)
        return _audience(session, actor, code)


def list_receipts(code: str, query: RollQuery) -> dict:
    """List who has not attested, the longest waiting first, then who has; `past` are the receipts that ask nothing any more."""
    session, actor = reading()
    _, roll = readable_roll(session, site().library, actor, code)
    lines = roll.of(query.state) if query.state else roll.of("missing", "attested")
    start = (query.page - 1) * query.page_size
    return page_of([line_shape(line) for line in lines[start : start + query.page_size]], len(lines), query)


def add_receipt(code: str, body: ReceiptBody) -> dict:
    """Say that one has read and understood the version in force; saying it again changes nothing."""
    with writing() as (session, actor):
        return receipt_shape(code.upper(), attest(session, site().library, actor, code, body.version))


def add_reminders(code: str) -> dict:
    """Ask those again who have not attested, each at most once a day."""
    with writing() as (session, actor):
        return reminded_shape(code.upper(), remind(session, site().library, actor, code))


def list_to_read(query: ToReadQuery) -> dict:
    """List what waits for one's own receipt, of one space or of all, the longest waiting first."""
    session, actor = reading()
    if not actor.is_somebody:
        raise Unauthenticated(N_("Send a token to do this: Authorization: Bearer …"))
    space = spaces.by_slug(session, actor, query.space) if query.space else None
    found = to_read_in(session, site().library, actor, space) if space else to_read(session, site().library, actor)
    start = (query.page - 1) * query.page_size
    return page_of([to_read_shape(one) for one in found[start : start + query.page_size]], len(found), query)


ENDPOINTS = [
    Endpoint("GET", "/me/receipts", list_to_read, query=ToReadQuery, answer=ToReadsAnswer),
    Endpoint("GET", "/procedures/<code>/audience", get_audience, answer=AudienceAnswer),
    Endpoint("PUT", "/procedures/<code>/audience", put_audience, body=AudienceBody, answer=AudienceAnswer),
    Endpoint("GET", "/procedures/<code>/receipts", list_receipts, query=RollQuery, answer=RollAnswer),
    Endpoint("POST", "/procedures/<code>/receipts", add_receipt, body=ReceiptBody, answer=ReceiptAnswer),
    Endpoint("POST", "/procedures/<code>/reminders", add_reminders, answer=RemindedAnswer),
]


def _audience(session: Session, actor: Actor, code: str) -> dict:
    found, roll = readable_roll(session, site().library, actor, code)
    teams = teams_now(session, site().library, found, roll.standing)
    return audience_shape(found, audience(session, found), teams, roll)
