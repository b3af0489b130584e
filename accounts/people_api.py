"""People in the JSON API, as administrators look after them."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from flask import Response
from pydantic import BaseModel, ConfigDict, Field

from accounts import administering, administrators, bringing, pasted, people, roster, sign_ins
from accounts.models import Person
from accounts.policy import require_administrator
from accounts.web import link_address, reading, writing
from core.api import Endpoint, PageQuery, page_of
from core.catalogue import sentence

_STRICT = ConfigDict(extra="forbid", strict=True)


class PeopleQuery(PageQuery):
    """Which people, and which page of them."""

    q: str = Field("", max_length=200)
    kind: Literal["", "administrators", "guests", "disabled", "waiting"] = ""


class PersonBody(BaseModel):
    """Somebody to add."""

    model_config = _STRICT

    name: str = Field(max_length=200)
    email: str = Field(max_length=300)
    team: str = Field(default="", max_length=200)
    guest: bool = False
    administrator: bool = False


class PersonFacts(BaseModel):
    """What is corrected about somebody."""

    model_config = _STRICT

    name: str = Field(max_length=200)
    email: str = Field(max_length=300)
    team: str = Field(default="", max_length=200)


class PeopleBody(BaseModel):
    """A list of people, a line each; `add` false only says what would happen."""

    model_config = _STRICT

    list: str
    add: bool = False


class OfficeBody(BaseModel):
    """Whether somebody holds an office from now on."""

    model_config = _STRICT

    holds: bool


class AdministeredPerson(BaseModel):
    """A person; `link` only where one was made just now."""

    id: str
    name: str
    email: str
    team: str
    language: Literal["en", "fr"] | None
    guest: bool
    administrator: bool
    disabled_at: datetime | None
    seen_at: datetime | None
    link: str | None


class AdministeredPeople(BaseModel):
    """One page of people."""

    items: list[AdministeredPerson]
    total: int
    page: int
    page_size: int


class BroughtLine(BaseModel):
    """What one line of a list does, or what is wrong with it."""

    line: int
    does: Literal["add", "change", "same", "problem"]
    problem: str | None
    person: str | None
    link: str | None


class BroughtLines(BaseModel):
    """What each line does."""

    items: list[BroughtLine]


def list_people(query: PeopleQuery) -> dict:
    """List people by name."""
    session, actor = reading()
    found, total = roster.listed(session, actor, q=query.q, kind=query.kind, page=query.page, page_size=query.page_size)
    return page_of([_shape(one.person, one.seen_at) for one in found], total, query)


def export_people() -> Response:
    """Answer everybody as CSV, without any secret."""
    session, actor = reading()
    return Response(roster.table(session, actor), mimetype="text/csv")


def add_person(body: PersonBody) -> dict:
    """Add a person and answer the link that lets them in, once."""
    with writing() as (session, actor):
        person = people.add(session, actor, **body.model_dump())
        return _shape(person, None, sign_ins.add_link(session, actor, person))


def bring_people(body: PeopleBody) -> dict:
    """Say what each line of a list of people does, and do it if asked to."""
    with writing() as (session, actor):
        require_administrator(actor)
        verb = bringing.bring if body.add else bringing.look
        return {"items": [_line(line) for line in verb(session, actor, pasted.read(body.list))]}


def get_person(id: str) -> dict:
    """Read a person."""
    session, actor = reading()
    return _answer(session, administering.person(session, actor, id))


def put_person(id: str, body: PersonFacts) -> dict:
    """Correct a person's name, address and team."""
    with writing() as (session, actor):
        person = administering.person(session, actor, id)
        administering.edit(session, actor, person, **body.model_dump())
        return _answer(session, person)


def disable(id: str) -> dict:
    """Disable a person: every way in ends at once."""
    return _act(id, people.disable)


def enable(id: str) -> dict:
    """Let a disabled person in again."""
    return _act(id, administering.enable)


def set_administrator(id: str, body: OfficeBody) -> dict:
    """Make a person an administrator, or no longer one."""
    return _act(id, administrators.appoint if body.holds else administrators.dismiss)


def set_guest(id: str, body: OfficeBody) -> dict:
    """Make a person a guest, or an employee."""
    return _act(id, administering.make_guest if body.holds else administering.make_employee)


def make_link(id: str) -> dict:
    """Make a link that signs a person in once."""
    return _act(id, sign_ins.add_link)


def reset_password(id: str) -> dict:
    """Forget a person's password and make a link with which they choose another."""
    return _act(id, administering.reset_password)


def _act(id: str, verb: Callable) -> dict:
    with writing() as (session, actor):
        person = administering.person(session, actor, id)
        made = verb(session, actor, person)
        return _answer(session, person, made if isinstance(made, str) else None)


def _answer(session, person: Person, secret: str | None = None) -> dict:
    return _shape(person, roster.one(session, person).seen_at, secret)


def _shape(person: Person, seen_at: datetime | None, secret: str | None = None) -> dict:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "team": person.team,
        "language": person.language,
        "guest": person.guest_since is not None,
        "administrator": person.administrator_since is not None,
        "disabled_at": person.disabled_at,
        "seen_at": seen_at,
        "link": link_address(secret) if secret else None,
    }


def _line(line: bringing.Line) -> dict:
    return {
        "line": line.asked.number,
        "does": line.does,
        "problem": sentence(line.problem) if line.problem else None,
        "person": line.person.id if line.person else None,
        "link": link_address(line.secret) if line.secret else None,
    }


_AT = "/administration/people"
ENDPOINTS = [
    Endpoint("GET", _AT, list_people, query=PeopleQuery, answer=AdministeredPeople),
    Endpoint("GET", f"{_AT}.csv", export_people, media="text/csv"),
    Endpoint("POST", _AT, add_person, body=PersonBody, answer=AdministeredPerson, status=201),
    Endpoint("POST", f"{_AT}/list", bring_people, body=PeopleBody, answer=BroughtLines),
    Endpoint("GET", f"{_AT}/<id>", get_person, answer=AdministeredPerson),
    Endpoint("PUT", f"{_AT}/<id>", put_person, body=PersonFacts, answer=AdministeredPerson),
    Endpoint("POST", f"{_AT}/<id>/disable", disable, answer=AdministeredPerson),
    Endpoint("POST", f"{_AT}/<id>/enable", enable, answer=AdministeredPerson),
    Endpoint("PUT", f"{_AT}/<id>/administrator", set_administrator, body=OfficeBody, answer=AdministeredPerson),
    Endpoint("PUT", f"{_AT}/<id>/guest", set_guest, body=OfficeBody, answer=AdministeredPerson),
    Endpoint("POST", f"{_AT}/<id>/link", make_link, answer=AdministeredPerson),
    Endpoint("POST", f"{_AT}/<id>/reset", reset_password, answer=AdministeredPerson),
]
