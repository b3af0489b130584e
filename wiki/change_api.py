"""Changes in the JSON API: the same verbs as the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row
from sqlalchemy.orm import Session

from accounts import people, spaces
from accounts.actors import Actor
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import may
from accounts.web import reading, writing
from core.api import Day, Endpoint
from core.errors import Conflict, Invalid, N_
from core.web import site
from wiki import changes, file_api, proposing, sending
from wiki.answers import ChangeAnswer
from wiki.approving import approve
from wiki.drafts import Draft, DraftText
from wiki.edge import publishing
from wiki.models import Change
from wiki.practice import Practice
from wiki.proposals import UnderWay, texts_of
from wiki.shapes import Told, change_shape, told


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
    in_force_from: Day | None = None
    replaces_scheduled: bool = False
    for_you: list[str] = Field(default=[], max_length=3)
    texts: list[TextBody]
    threads: list[str] = Field(default=[], max_length=50)


class SavedChange(Body):
    """What to save in a change, with the digest it started from."""

    digest: str
    reason: str | None = None
    kind: Literal["material", "editorial"] | None = None
    in_force_from: Day | None = None
    replaces_scheduled: bool | None = None
    for_you: list[str] | None = Field(None, max_length=3)
    texts: list[TextBody] | None = None


class ApprovalBody(Body):
    """An approval: exactly this digest, with the password of the token's owner."""

    digest: str
    password: str
    comment: str = ""
    meaning: Literal["approve", "review"] = "approve"


class ReasonBody(Body):
    """A reason."""

    reason: str


def endpoints(practice: Practice) -> list[Endpoint]:
    """Return the calls about changes; the practice answers for their threads."""
    api = _Api(practice)
    change = {"answer": ChangeAnswer}
    return [
        Endpoint("POST", "/changes", api.open, body=NewChange, status=201, **change),
        Endpoint("GET", "/changes/<id>", api.get, **change),
        Endpoint("PUT", "/changes/<id>", api.save, body=SavedChange, **change),
        Endpoint("POST", "/changes/<id>/take-over", api.take_over, **change),
        Endpoint("POST", "/changes/<id>/submit", api.submit, **change),
        Endpoint("POST", "/changes/<id>/approve", api.approve, body=ApprovalBody, **change),
        Endpoint("POST", "/changes/<id>/decline", api.decline, body=ReasonBody, **change),
        Endpoint("POST", "/changes/<id>/withdraw", api.withdraw, **change),
        *file_api.endpoints(api.telling, api.shape),
    ]


class _Api:
    """The calls about changes, which speak of threads."""

    def __init__(self, practice: Practice):
        self._practice = practice

    def open(self, body: NewChange) -> dict:
        """Open a change over one or more procedures of a space, as a draft; of who is no author, a proposal for one."""
        with writing() as (session, actor):
            space = spaces.by_slug(session, actor, body.space)
            if space.approvals_required and body.reason is None:
                raise Invalid(N_("Say why: readers and auditors will see these words."), field="reason")
            draft = Draft(body.reason or "", body.kind, _texts(body.texts), body.in_force_from, body.replaces_scheduled, tuple(body.for_you))
            opens = changes.open_change if may(actor, Permission.WRITE, space) else proposing.propose
            change = opens(session, site().library, actor, space, draft)
            self._practice.cite(session, actor, change.id, body.threads)
            return self.shape(session, actor, change)

    def get(self, id: str) -> dict:
        """Read a change."""
        session, actor = reading()
        change, _ = changes.readable(session, actor, id)
        return self.shape(session, actor, change)

    def save(self, id: str, body: SavedChange) -> dict:
        """Save a change that is a draft or in review; in review its approvals fall."""
        with self.telling(id), writing() as (session, actor):
            change, _ = changes.readable(session, actor, id)
            draft = _saved(session, change, body)
            return self.shape(session, actor, changes.save(session, site().library, actor, id, body.digest, draft))

    def take_over(self, id: str) -> dict:
        """Make a reader's proposal one's own draft; who proposed it stays one of its writers."""
        with self.telling(id), writing() as (session, actor):
            return self.shape(session, actor, proposing.take_over(session, actor, id))

    def submit(self, id: str) -> dict:
        """Send a draft for review; where no approval is required, publish it."""
        with self.telling(id), publishing(_space_of(id)) as (session, actor):
            sent = sending.sent(session, site().library, actor, id)
            found = self._told(session, actor, sent.change, sent.space, sent.present)
        if not session.info.get("committed"):       # it was recorded from git
            return self._present(id)
        return change_shape(site().library, found)

    def approve(self, id: str, body: ApprovalBody) -> dict:
        """Approve exactly what the digest covers; the last approval that is required publishes."""
        space = _space_of(id)
        with writing() as (session, actor):
            people.confirm_password(session, actor, body.password)
        with self.telling(id), publishing(space) as (session, actor):
            approve(session, site().library, actor, id, body.digest, comment=body.comment, meaning=body.meaning)
        return self._present(id)        # as in `submit`

    def decline(self, id: str, body: ReasonBody) -> dict:
        """Decline a change in review, or a proposal that is not, with a reason."""
        with self.telling(id), writing() as (session, actor):
            return self.shape(session, actor, changes.decline(session, actor, id, body.reason))

    def withdraw(self, id: str) -> dict:
        """Withdraw one's own change."""
        with self.telling(id), writing() as (session, actor):
            return self.shape(session, actor, changes.withdraw(session, actor, id))

    @contextmanager
    def telling(self, id: str) -> Iterator[None]:
        """Let a conflict carry the change as it is now, in its shape."""
        try:
            yield
        except Conflict as conflict:
            conflict.present = self._present(id)
            raise

    def _present(self, id: str) -> dict:
        with site().database.reading() as session:
            _, actor = reading()
            change, _space = changes.readable(session, actor, id)     # held, so that it is not read again
            return self.shape(session, actor, change)

    def shape(self, session: Session, actor: Actor, change: Change) -> dict:
        """Return a change as the API tells it."""
        return change_shape(site().library, self._told(session, actor, change, session.get(Space, change.space_id)))

    def _told(self, session: Session, actor: Actor, change: Change, space: Space, present: UnderWay | None = None) -> Told:
        threads = [thread.id for thread in self._practice.cited(session, actor, change.id)]
        return told(session, site().library, space, change, threads, present)


def _space_of(id: str) -> Row:
    return changes.space_of(*reading(), id)


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
        for_you=tuple(change.for_you if body.for_you is None else body.for_you),
    )


def _kept(text) -> DraftText:
    return DraftText(text.action, text.code, text.markdown, text.base, text.path)
