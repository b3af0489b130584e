"""Remarks in the JSON API: the same check as beside the editor. A paragraph becomes a tip by opening a thread and saving the change."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from accounts import spaces
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import require
from accounts.web import reading, trying, writing
from advice.remarks import KINDS, Remark
from core.api import Endpoint, PageQuery, page_of
from core.catalogue import sentence
from core.errors import Invalid, N_, TooLong
from core.web import site
from wiki import changes, procedures, remark_views
from wiki.advising import Checked, remarks_on
from wiki.drafts import LONGEST_TEXT
from wiki.left import MOST_AT_ONCE, leave, left_by
from wiki.models import Change
from wiki.proposals import texts_of


class TextToCheck(BaseModel):
    """A text as somebody is writing it; `code` where the procedure has one."""

    model_config = ConfigDict(extra="forbid", strict=True)

    space: str = Field(max_length=40)
    code: str = Field("", max_length=24)
    markdown: str


class LeftBody(BaseModel):
    """The keys of remarks that are to stay as they are."""

    model_config = ConfigDict(extra="forbid", strict=True)

    remarks: list[str] = Field(max_length=MOST_AT_ONCE)


class RemarkAnswer(BaseModel):
    """A remark; `act` says what could be done about its lines, `known` the name that a role has elsewhere in the space."""

    key: str
    kind: Literal[KINDS]
    sentence: str
    quote: str
    line: int
    end_line: int
    act: Literal["tip", "use"] | None
    known: str | None
    code: str
    left_by: str | None


class RemarksAnswer(BaseModel):
    """A page of remarks."""

    items: list[RemarkAnswer]
    total: int
    page: int
    page_size: int


def procedure_remarks(code: str, query: PageQuery) -> dict:
    """Read what could be remarked about the text of a procedure that is in force."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    version = procedures.standing_of(session, found.procedure, site().library).in_force
    text = procedures.text_of(site().library, found.space, version) if version else None
    (remarks,) = remarks_on(session, site().library, found.space, [Checked(found.procedure.code, text or "")])
    return _page([_shape(one, found.procedure.code) for one in remarks], query)


def check_text(body: TextToCheck) -> dict:
    """Check a text as the editor does. Nothing is kept."""
    session, actor = trying()
    space = spaces.by_slug(session, actor, body.space)
    require(actor, Permission.WRITE, space)
    if len(body.markdown) > LONGEST_TEXT:
        raise TooLong(field="markdown", limit=LONGEST_TEXT, length=len(body.markdown))
    (remarks,) = remarks_on(session, site().library, space, [Checked(body.code.upper(), body.markdown)])
    return _page([_shape(one, body.code.upper()) for one in remarks], PageQuery(page_size=1000))


def change_remarks(id: str, query: PageQuery) -> dict:
    """Read what could be remarked about the texts of an open change, and which remarks somebody left as they are."""
    session, actor = reading()
    return _page(_of_change(session, *changes.readable(session, actor, id)), query)


def leave_remarks(id: str, body: LeftBody) -> dict:
    """Leave remarks on an open change as they are, under one's own name."""
    with writing() as (session, actor):
        change, space = changes.readable(session, actor, id)
        require(actor, Permission.WRITE, space)
        if change.state in changes.OPEN and not {one["key"] for one in _of_change(session, change, space)}.issuperset(body.remarks):
            raise Invalid(N_("There is no such remark."), field="remarks")
        leave(session, actor, id, body.remarks)
        return _page(_of_change(session, change, space), PageQuery(page_size=1000))


def _of_change(session: Session, change: Change, space: Space) -> list[dict]:
    texts, left = texts_of(session, change), left_by(session, change)
    found = remark_views.of_change(session, space, change, texts)
    return [_shape(one, text.code, left) for text, remarks in zip(texts, found, strict=True) for one in remarks]


def _page(items: Sequence[dict], query: PageQuery) -> dict:
    start = (query.page - 1) * query.page_size
    return page_of(items[start : start + query.page_size], len(items), query)


def _shape(remark: Remark, code: str, left: Mapping[str, str] | None = None) -> dict:
    return {
        "key": remark.key, "kind": remark.kind, "sentence": sentence(remark), "quote": remark.quote,
        "line": remark.line, "end_line": remark.end_line, "act": remark.act, "known": remark.params.get("known"), "code": code,
        "left_by": (left or {}).get(remark.key),
    }


ENDPOINTS = [
    Endpoint("GET", "/procedures/<code>/remarks", procedure_remarks, query=PageQuery, answer=RemarksAnswer),
    Endpoint("POST", "/remarks", check_text, body=TextToCheck, answer=RemarksAnswer),
    Endpoint("GET", "/changes/<id>/remarks", change_remarks, query=PageQuery, answer=RemarksAnswer),
    Endpoint("POST", "/changes/<id>/remarks/leave", leave_remarks, body=LeftBody, answer=RemarksAnswer),
]
