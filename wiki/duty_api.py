"""Who does what in the JSON API."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from accounts.web import reading
from core import clock
from core.api import Endpoint, PageQuery, page_of
from core.errors import Invalid, N_
from core.web import site
from wiki import duties, procedures, roles


class DutiesQuery(BaseModel):
    """Of which version, or of which day."""

    model_config = ConfigDict(extra="forbid")
    version: int | None = Field(None, ge=1, le=2**31 - 1)
    on: date | None = None


class RolesQuery(PageQuery):
    """On which day, today by default."""

    on: date | None = None


class DutyAnswer(BaseModel):
    """A task asked of a role; `slug` is the role's one name."""

    role: str
    slug: str
    task: str
    delay: str
    position: int


class ProcedureDutiesAnswer(BaseModel):
    """Who does what in one version; version is null where nothing is in force on that day."""

    code: str
    version: int | None
    in_force_from: str | None
    duties: list[DutyAnswer]


class RoleAnswer(BaseModel):
    """A role, with how much is asked of it."""

    slug: str
    name: str
    tasks: int
    procedures: int


class RolesAnswer(BaseModel):
    """A page of roles."""

    items: list[RoleAnswer]
    total: int
    page: int
    page_size: int


class AskedAnswer(BaseModel):
    """A task asked of a role by a procedure."""

    code: str
    title: str
    space: str
    version: int
    in_force_from: str
    role: str
    task: str
    delay: str


class RoleTasksAnswer(BaseModel):
    """A page of what is asked of a role on a day."""

    slug: str
    name: str
    on: str
    items: list[AskedAnswer]
    total: int
    page: int
    page_size: int


def procedure_duties(code: str, query: DutiesQuery) -> dict:
    """Read who does what in a procedure: in force, in one version, or on a date."""
    if query.version is not None and query.on is not None:
        raise Invalid(N_("Ask for a version or for a date, not for both."), field="on")
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    if query.version is not None:
        version = procedures.version(session, found.procedure, query.version)
    else:
        standing = procedures.standing_of(session, found.procedure, site().library, query.on)
        version = standing.in_force if query.on else standing.shown
    text = procedures.text_of(site().library, found.space, version) if version else None
    return {
        "code": found.procedure.code,
        "version": version.number if version else None,
        "in_force_from": version.in_force_from.isoformat() if version else None,
        "duties": [
            {"role": one.role, "slug": one.slug, "task": one.task, "delay": one.delay, "position": one.position}
            for one in duties.read(text or "")
        ],
    }


def list_roles(query: RolesQuery) -> dict:
    """List the roles that something is asked of, in what can be read."""
    session, actor = reading()
    found, total = roles.listed(session, actor, _day(query), page=query.page, page_size=query.page_size)
    return page_of([vars(role) for role in found], total, query)


def get_role(role: str, query: RolesQuery) -> dict:
    """Read everything asked of a role, over all procedures that can be read."""
    session, actor = reading()
    name, day = roles.name_of(session, actor, role), _day(query)
    asked, total = roles.asked_of(session, actor, role, day, page=query.page, page_size=query.page_size)
    items = [
        {
            "code": one.code, "title": one.version.title, "space": one.space.slug, "version": one.version.number,
            "in_force_from": one.version.in_force_from.isoformat(), "role": duty.role, "task": duty.task, "delay": duty.delay,
        }
        for one in asked
        for duty in one.duties
    ]
    return {"slug": role, "name": name, "on": day.isoformat()} | page_of(items, total, query)


def _day(query: RolesQuery) -> date:
    return query.on or clock.today(site().library.zone)


ENDPOINTS = [
    Endpoint("GET", "/procedures/<code>/duties", procedure_duties, query=DutiesQuery, answer=ProcedureDutiesAnswer),
    Endpoint("GET", "/roles", list_roles, query=RolesQuery, answer=RolesAnswer),
    Endpoint("GET", "/roles/<role>", get_role, query=RolesQuery, answer=RoleTasksAnswer),
]
