"""The rule in the JSON API: the same verbs as the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from accounts import people, spaces
from accounts.policy import Actor, Permission, require
from accounts.web import reading, writing
from core import clock
from core.api import Endpoint, PageQuery, page_of
from core.errors import Conflict, Invalid, N_, NotFound
from core.web import site
from wiki import changes, journals, procedures
from wiki.answers import ChangeAnswer, DifferenceAnswer, JournalAnswer, ProceduresAnswer, ProcedureAnswer, VersionsAnswer
from wiki.approving import approve
from wiki.drafts import Draft, DraftText
from wiki.edge import publishing
from wiki.models import Change
from wiki.practice import Practice
from wiki.proposals import texts_of
from wiki.rendering import shown
from wiki.shapes import change_shape, difference_shape, listed_shape, procedure_shape, version_shape


class Body(BaseModel):
    """A body with these fields and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


class TextBody(Body):
    """One procedure's part of a change."""

    action: Literal["create", "amend", "retire", "restore", "cancel"] | None = None
    code: str | None = Field(None, max_length=24)
    markdown: str | None = None
    base: int | None = Field(None, ge=1, le=2**31 - 1)


class NewChange(Body):
    """A change to open."""

    space: str = Field(max_length=40)
    reason: str | None = None
    kind: Literal["material", "editorial"] | None = None
    in_force_from: date | None = Field(None, strict=False)
    replaces_scheduled: bool = False
    texts: list[TextBody]
    threads: list[str] = Field(default=[], max_length=50)


class SavedChange(Body):
    """What to save in a change, with the digest it started from."""

    digest: str
    reason: str | None = None
    kind: Literal["material", "editorial"] | None = None
    in_force_from: date | None = Field(None, strict=False)
    replaces_scheduled: bool | None = None
    texts: list[TextBody] | None = None


class ApprovalBody(Body):
    """An approval: exactly this digest, with the password of the token's owner."""

    digest: str
    password: str
    comment: str = ""


class ReasonBody(Body):
    """A reason."""

    reason: str


class StateQuery(PageQuery):
    """Which procedures to list."""

    state: Literal["in_force", "scheduled", "retired"] | None = None


class VersionQuery(BaseModel):
    """Which version to read: by number or by date."""

    model_config = ConfigDict(extra="forbid")
    version: int | None = Field(None, ge=1, le=2**31 - 1)
    on: date | None = None


class CompareQuery(BaseModel):
    """Which two versions to compare."""

    model_config = ConfigDict(extra="forbid")
    from_: int = Field(alias="from", ge=1, le=2**31 - 1)
    to: int = Field(ge=1, le=2**31 - 1)


class JournalQuery(PageQuery):
    """Which acts to list."""

    space: str | None = Field(None, max_length=40)
    after: int = Field(0, ge=0, le=2**31 - 1)


def endpoints(practice: Practice) -> list[Endpoint]:
    """Return the rule's part of the API; the practice answers for the threads of changes."""
    api = _Api(practice)
    change = {"answer": ChangeAnswer}
    return [
        Endpoint("GET", "/spaces/<slug>/procedures", list_procedures, query=StateQuery, answer=ProceduresAnswer),
        Endpoint("GET", "/procedures/<code>", get_procedure, query=VersionQuery, answer=ProcedureAnswer),
        Endpoint("GET", "/procedures/<code>/versions", list_versions, query=PageQuery, answer=VersionsAnswer),
        Endpoint("GET", "/procedures/<code>/compare", compare, query=CompareQuery, answer=DifferenceAnswer),
        Endpoint("POST", "/changes", api.open, body=NewChange, status=201, **change),
        Endpoint("GET", "/changes/<id>", api.get, **change),
        Endpoint("PUT", "/changes/<id>", api.save, body=SavedChange, **change),
        Endpoint("POST", "/changes/<id>/submit", api.submit, **change),
        Endpoint("POST", "/changes/<id>/approve", api.approve, body=ApprovalBody, **change),
        Endpoint("POST", "/changes/<id>/decline", api.decline, body=ReasonBody, **change),
        Endpoint("POST", "/changes/<id>/withdraw", api.withdraw, **change),
        Endpoint("GET", "/journal", list_acts, query=JournalQuery, answer=JournalAnswer),
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
    return {"code": found.procedure.code, "from": query.from_, "to": query.to, "blocks": difference_shape(difference)}


def list_acts(query: JournalQuery) -> dict:
    """List the acts of a space's journal, or of the site's for an administrator, in order."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, query.space) if query.space else None
    if space is not None:
        require(actor, Permission.SEE_JOURNAL, space)
    acts, total = journals.acts(session, actor, space, after=query.after, page=query.page, page_size=query.page_size)
    return page_of(acts, total, query)


class _Api:
    """The calls about changes, which speak of threads."""

    def __init__(self, practice: Practice):
        self._practice = practice

    def open(self, body: NewChange) -> dict:
        """Open a change over one or more procedures of a space, as a draft."""
        with writing() as (session, actor):
            space = spaces.by_slug(session, actor, body.space)
            if space.approvals_required and body.reason is None:
                raise Invalid(N_("Say why: readers and auditors will see these words."), field="reason")
            draft = Draft(body.reason or "", body.kind, _texts(body.texts), body.in_force_from, body.replaces_scheduled)
            change = changes.open_change(session, site().library, actor, space, draft)
            self._practice.cite(session, actor, change.id, body.threads)
            return self._shape(session, actor, change)

    def get(self, id: str) -> dict:
        """Read a change."""
        session, actor = reading()
        change, _ = changes.readable(session, actor, id)
        return self._shape(session, actor, change)

    def save(self, id: str, body: SavedChange) -> dict:
        """Save a change that is a draft or in review; in review its approvals fall."""
        with self._telling(id), writing() as (session, actor):
            change, _ = changes.readable(session, actor, id)
            draft = _saved(session, change, body)
            return self._shape(session, actor, changes.save(session, site().library, actor, id, body.digest, draft))

    def submit(self, id: str) -> dict:
        """Send a draft for review; where no approval is required, publish it."""
        with self._telling(id), publishing(_space_of(id)) as (session, actor):
            changes.submit(session, site().library, actor, id)
        return self._present(id)

    def approve(self, id: str, body: ApprovalBody) -> dict:
        """Approve exactly what the digest covers; the last approval that is required publishes."""
        space_id = _space_of(id)
        with writing() as (session, actor):
            people.confirm_password(session, actor, body.password)
        with self._telling(id), publishing(space_id) as (session, actor):
            approve(session, site().library, actor, id, body.digest, comment=body.comment)
        return self._present(id)

    def decline(self, id: str, body: ReasonBody) -> dict:
        """Decline a change in review, with a reason."""
        with self._telling(id), writing() as (session, actor):
            return self._shape(session, actor, changes.decline(session, actor, id, body.reason))

    def withdraw(self, id: str) -> dict:
        """Withdraw one's own change."""
        with self._telling(id), writing() as (session, actor):
            return self._shape(session, actor, changes.withdraw(session, actor, id))

    @contextmanager
    def _telling(self, id: str) -> Iterator[None]:
        """Let a conflict carry the change as it is now, in its shape."""
        try:
            yield
        except Conflict as conflict:
            conflict.present = self._present(id)
            raise

    def _present(self, id: str) -> dict:
        with site().database.reading() as session:
            _, actor = reading()
            return self._shape(session, actor, changes.readable(session, actor, id)[0])

    def _shape(self, session: Session, actor: Actor, change: Change) -> dict:
        _, space = changes.readable(session, actor, change.id)
        threads = [thread.id for thread in self._practice.cited(session, actor, change.id)]
        return change_shape(session, site().library, space, change, threads)


def _space_of(id: str) -> str:
    session, actor = reading()
    return changes.readable(session, actor, id)[1].id


def _procedure(session: Session, found, standing, version) -> dict:
    text = procedures.text_of(site().library, found.space, version) if version else None
    rendered = shown(session, site().database, site().library, found.space, version) if version else None
    return procedure_shape(found.procedure.code, found.space, standing, version, text, rendered.html if rendered else None)


def _texts(given: list[TextBody]) -> tuple[DraftText, ...]:
    return tuple(DraftText(one.action, one.code, one.markdown, one.base) for one in given)


def _saved(session: Session, change: Change, body: SavedChange) -> Draft:
    given = body.model_fields_set
    return Draft(
        reason=body.reason if body.reason is not None else change.reason,
        kind=body.kind or change.kind,
        texts=_texts(body.texts) if body.texts is not None else tuple(_kept(text) for text in texts_of(session, change)),
        in_force_from=body.in_force_from if "in_force_from" in given else change.in_force_from,
        replaces_scheduled=change.replaces_scheduled if body.replaces_scheduled is None else body.replaces_scheduled,
    )


def _kept(text) -> DraftText:
    return DraftText(text.action, text.code, text.markdown, text.base, text.path)


def _today() -> date:
    return clock.today(site().library.zone)
