"""The register in the JSON API: the same verbs as the pages."""

from dataclasses import asdict

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from accounts import spaces
from accounts.actors import Actor
from accounts.models import Space
from accounts.web import reading, writing
from core import clock
from core.api import Day, Endpoint, PageQuery, page_of
from core.web import site
from regulations import answers, clauses, lists, texts
from regulations.clauses import LONGEST_NOTE, LONGEST_WORDING
from regulations.coverage import Coverage, coverage
from regulations.models import Regulation
from regulations.shapes import amendment_shape, clause_shape, text_shape, unknown_shape
from regulations.tables import MOST_BYTES
from regulations.texts import TextFacts


class Body(BaseModel):
    """A body with these fields and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


class TextBody(Body):
    """What the register says of a text."""

    title: str
    short: str = ""
    source: str = ""
    dated: Day | None = None
    next_check: Day | None = None

    def facts(self) -> TextFacts:
        """Return it as the verbs take it."""
        return TextFacts(self.title, self.short, self.source, self.dated, self.next_check)


class SavedText(TextBody):
    """What to say of a text, with the revision it started from."""

    revision: int


class ClauseBody(Body):
    """A clause: its number, and what it asks in a few words."""

    label: str
    wording: str = Field("", max_length=LONGEST_WORDING)


class SavedClause(ClauseBody):
    """The words of a clause, with the revision they started from."""

    revision: int


class CheckedBody(Body):
    """When to look again."""

    next_check: Day | None = None


class NoteBody(Body):
    """How a clause was amended."""

    note: str = Field(max_length=LONGEST_NOTE)


class ListBody(Body):
    """A list of clauses as CSV."""

    csv: str = Field(max_length=MOST_BYTES)


def list_texts(slug: str, query: PageQuery) -> dict:
    """List the texts of a space's register, by title."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    held, found = texts.listed(session, space), coverage(session, site().library, space)
    page = held[(query.page - 1) * query.page_size : query.page * query.page_size]
    names = texts.checkers(session, page)
    return page_of([_text(space, one, found, names) for one in page], len(held), query)


def add_text(slug: str, body: TextBody) -> dict:
    """Add a text to a space's register."""
    with writing() as (session, actor):
        made = texts.add(session, actor, spaces.by_slug(session, actor, slug), body.facts())
        return _whole(session, actor, made.id)


def get_text(id: str) -> dict:
    """Read a text of a register with its clauses and the procedures that answer each."""
    session, actor = reading()
    return _whole(session, actor, id)


def save_text(id: str, body: SavedText) -> dict:
    """Change what the register says of a text."""
    with writing() as (session, actor):
        texts.edit(session, actor, id, body.facts(), revision=body.revision)
        return _whole(session, actor, id)


def drop_text(id: str) -> dict:
    """Take a text and its clauses out of the register."""
    with writing() as (session, actor):
        texts.drop(session, actor, id)
        return {"id": id}


def check_text(id: str, body: CheckedBody) -> dict:
    """Record that one looked today whether a text changed, and when to look again."""
    with writing() as (session, actor):
        texts.look_again(session, site().library, actor, id, body.next_check)
        return _whole(session, actor, id)


def add_clause(id: str, body: ClauseBody) -> dict:
    """Add a clause to a text."""
    with writing() as (session, actor):
        return _clause(session, actor, clauses.add(session, actor, id, **body.model_dump()).id)


def get_clause(id: str) -> dict:
    """Read a clause and the procedures that answer it."""
    session, actor = reading()
    return _clause(session, actor, id)


def save_clause(id: str, body: SavedClause) -> dict:
    """Change the words of a clause."""
    with writing() as (session, actor):
        clauses.edit(session, actor, id, **body.model_dump())
        return _clause(session, actor, id)


def drop_clause(id: str) -> dict:
    """Take a clause out of the register."""
    with writing() as (session, actor):
        clauses.drop(session, actor, id)
        return {"id": id}


def amend_clause(id: str, body: NoteBody) -> dict:
    """Say that a clause was amended: the procedures that answer it are due for review from today."""
    with writing() as (session, actor):
        clauses.amend(session, site().library, actor, id, body.note)
        return _clause(session, actor, id)


def list_amendments(id: str, query: PageQuery) -> dict:
    """List what was said when a clause was amended, the newest first."""
    session, actor = reading()
    found = clauses.amendments(session, clauses.readable(session, actor, id).clause)
    page = found[(query.page - 1) * query.page_size : query.page * query.page_size]
    return page_of([amendment_shape(one) for one in page], len(found), query)


def list_unknown(slug: str, query: PageQuery) -> dict:
    """List the words by which procedures of a space name what is not in its register."""
    session, actor = reading()
    found = coverage(session, site().library, spaces.by_slug(session, actor, slug)).unknown
    page = found[(query.page - 1) * query.page_size : query.page * query.page_size]
    return page_of([unknown_shape(one) for one in page], len(found), query)


def bring_list(slug: str, body: ListBody) -> dict:
    """Bring a list of clauses into a space's register, all of it or nothing."""
    with writing() as (session, actor):
        return asdict(lists.bring(session, actor, spaces.by_slug(session, actor, slug), body.csv))


def take_list(slug: str) -> dict:
    """Read a space's register as CSV."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    return {"csv": lists.taken_out(texts.listed(session, space), coverage(session, site().library, space))}


ENDPOINTS = [
    Endpoint("GET", "/spaces/<slug>/regulations", list_texts, query=PageQuery, answer=answers.TextsAnswer),
    Endpoint("POST", "/spaces/<slug>/regulations", add_text, body=TextBody, answer=answers.WholeTextAnswer, status=201),
    Endpoint("GET", "/spaces/<slug>/regulations/unknown", list_unknown, query=PageQuery, answer=answers.UnknownAnswer),
    Endpoint("GET", "/spaces/<slug>/regulations/list", take_list, answer=answers.ListAnswer),
    Endpoint("POST", "/spaces/<slug>/regulations/list", bring_list, body=ListBody, answer=answers.BroughtAnswer),
    Endpoint("GET", "/regulations/<id>", get_text, answer=answers.WholeTextAnswer),
    Endpoint("PUT", "/regulations/<id>", save_text, body=SavedText, answer=answers.WholeTextAnswer),
    Endpoint("DELETE", "/regulations/<id>", drop_text, answer=answers.DroppedAnswer),
    Endpoint("POST", "/regulations/<id>/checked", check_text, body=CheckedBody, answer=answers.WholeTextAnswer),
    Endpoint("POST", "/regulations/<id>/clauses", add_clause, body=ClauseBody, answer=answers.ClauseAnswer, status=201),
    Endpoint("GET", "/clauses/<id>", get_clause, answer=answers.ClauseAnswer),
    Endpoint("PUT", "/clauses/<id>", save_clause, body=SavedClause, answer=answers.ClauseAnswer),
    Endpoint("DELETE", "/clauses/<id>", drop_clause, answer=answers.DroppedAnswer),
    Endpoint("POST", "/clauses/<id>/amended", amend_clause, body=NoteBody, answer=answers.ClauseAnswer),
    Endpoint("GET", "/clauses/<id>/amendments", list_amendments, query=PageQuery, answer=answers.AmendmentsAnswer),
]


def _text(space: Space, text: Regulation, found: Coverage, names: dict[str, str]) -> dict:
    return text_shape(text, space.slug, found, names.get(text.id), clock.today(site().library.zone))


def _whole(session: Session, actor: Actor, id: str) -> dict:
    place = texts.readable(session, actor, id)
    found = coverage(session, site().library, place.space)
    covered = [clause_shape(one) for one in found.of(place.regulation)]
    names = texts.checkers(session, [place.regulation])
    return _text(place.space, place.regulation, found, names) | {"clauses": covered}


def _clause(session: Session, actor: Actor, id: str) -> dict:
    place = clauses.readable(session, actor, id)
    found = coverage(session, site().library, place.space).of(place.regulation)
    return clause_shape(next(one for one in found if one.clause.id == id))
