"""The rule in the JSON API: the same verbs as the pages."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from accounts import spaces
from accounts.permissions import Permission
from accounts.policy import require
from accounts.web import reading
from core import clock
from core.api import Day, Endpoint, Number, PageQuery, page_of
from core.errors import Invalid, N_, NotFound
from core.web import site
from wiki import change_api, duty_api, history_api, journals, procedures, remark_api, seat_views, translating
from wiki.answers import DifferenceAnswer, JournalAnswer, ProcedureAnswer, ProceduresAnswer, VersionsAnswer
from wiki.attached import listed, touched
from wiki.practice import Practice
from wiki.rendering import shown
from wiki.shapes import difference_shape, file_changes_shape, listed_shape, procedure_shape, version_shape


class StateQuery(PageQuery):
    """Which procedures to list."""

    state: Literal["in_force", "scheduled", "retired"] | None = None


class VersionQuery(BaseModel):
    """Which version to read: by number or by date."""

    model_config = ConfigDict(extra="forbid")
    version: Number | None = Field(None, ge=1, le=2**31 - 1)
    on: Day | None = None


class CompareQuery(BaseModel):
    """Which two versions to compare."""

    model_config = ConfigDict(extra="forbid")
    from_: Number = Field(alias="from", ge=1, le=2**31 - 1)
    to: Number = Field(ge=1, le=2**31 - 1)


class JournalQuery(PageQuery):
    """Which acts to list."""

    space: str | None = Field(None, max_length=40)
    after: Number = Field(0, ge=0, le=2**31 - 1)


def endpoints(practice: Practice) -> list[Endpoint]:
    """Return the rule's part of the API; the practice answers for the threads of changes."""
    return [
        Endpoint("GET", "/spaces/<slug>/procedures", list_procedures, query=StateQuery, answer=ProceduresAnswer),
        Endpoint("GET", "/procedures/<code>", get_procedure, query=VersionQuery, answer=ProcedureAnswer),
        Endpoint("GET", "/procedures/<code>/versions", list_versions, query=PageQuery, answer=VersionsAnswer),
        Endpoint("GET", "/procedures/<code>/compare", compare, query=CompareQuery, answer=DifferenceAnswer),
        *change_api.endpoints(practice),
        *history_api.ENDPOINTS,
        *seat_views.ENDPOINTS,
        Endpoint("GET", "/journal", list_acts, query=JournalQuery, answer=JournalAnswer),
        *duty_api.ENDPOINTS,
        *remark_api.ENDPOINTS,
    ]


def list_procedures(slug: str, query: StateQuery) -> dict:
    """List the procedures of a space."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    states = (query.state,) if query.state else ("in_force", "scheduled")
    day = _today()
    found, total = procedures.listed(session, space, states=states, day=day, page=query.page, page_size=query.page_size)
    return page_of([listed_shape(one) for one in found], total, query)


def get_procedure(code: str, query: VersionQuery) -> dict:
    """Read a procedure: the text in force, one version, or the text in force on a date."""
    if query.version is not None and query.on is not None:
        raise Invalid(N_("Ask for a version or for a date, not for both."), field="on")
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    standing = procedures.standing_of(session, found.procedure, site().library, query.on)
    version = standing.in_force
    if query.version is not None:
        version = next((v for v in standing.versions if v.number == query.version), None)
        if version is None:
            raise NotFound()
    elif query.on is None and standing.state == "scheduled":
        version = standing.scheduled[0]
    return _procedure(session, found, standing, version)


def list_versions(code: str, query: PageQuery) -> dict:
    """List the versions of a procedure, newest first."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    standing = procedures.standing_of(session, found.procedure, site().library)
    start = (query.page - 1) * query.page_size
    page = standing.versions[start : start + query.page_size]
    return page_of([version_shape(standing, version) for version in page], len(standing.versions), query)


def compare(code: str, query: CompareQuery) -> dict:
    """Compare two versions of a procedure word by word."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    older, newer = (procedures.version(session, found.procedure, number) for number in (query.from_, query.to))
    difference = procedures.compare(site().library, found.space, older, newer)
    files = file_changes_shape(touched(listed(older), listed(newer)))
    return {"code": found.procedure.code, "from": query.from_, "to": query.to, "blocks": difference_shape(difference), "files": files}


def list_acts(query: JournalQuery) -> dict:
    """List the acts of a space's journal, or of the site's for an administrator, in order."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, query.space) if query.space else None
    if space is not None:
        require(actor, Permission.SEE_JOURNAL, space)
    acts, total = journals.acts(session, actor, space, after=query.after, page=query.page, page_size=query.page_size)
    return page_of(acts, total, query)


def _procedure(session: Session, found, standing, version) -> dict:
    text = procedures.text_of(site().library, found.space, version) if version else None
    rendered = shown(session, site().database, site().library, found.space, version) if version else None
    links = translating.links(session, found.space, found.procedure.code, version or standing.shown, standing.day)
    return procedure_shape(found.procedure.code, found.space, standing, version, text, rendered.html if rendered else None, links)


def _today() -> date:
    return clock.today(site().library.zone)
