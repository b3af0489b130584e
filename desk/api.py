"""The desk in the JSON API."""

from typing import Literal

from pydantic import BaseModel

from accounts import spaces
from accounts.web import reading, writing
from core.api import Endpoint, PageQuery, page_of
from core.web import site
from desk import shapes
from desk.desk import desk, hidden_of
from desk.proposing import proposer
from discussions import waiting
from discussions.answers import PersonAnswer
from discussions.moderation_api import HelperAnswer
from search import missed
from search.index import Index


class LineAnswer(BaseModel):
    """A thread in a list."""

    thread: str
    kind: Literal["question", "tip", "gap", "announcement"]
    state: str
    heading: str
    opened_by: str
    opened_at: str
    code: str | None
    space: str


class UnansweredAnswer(LineAnswer):
    """A question that nobody answered for two days, and who may know."""

    helpers: list[HelperAnswer]


class UnsortedAnswer(LineAnswer):
    """A thread without a procedure, and the one it seems to be about."""

    proposed: str | None


class LateGapAnswer(LineAnswer):
    """A gap of which nothing was said yet, or that was to be closed by now."""

    overdue: bool


class CheckAnswer(LineAnswer):
    """A thread that waits for a check: the words it was about, and what the rule says now."""

    version: int
    quote: str
    anchor: str
    now: str


class DisagreementAnswer(LineAnswer):
    """A thread in which two people disagree: on whether it still holds, or in their answers."""

    between: list[str]
    on: Literal["verdict", "answers"]


class NewcomerAnswer(BaseModel):
    """Somebody whose first message in the space got no reply; `opened` says whether it opened the thread."""

    person: PersonAnswer
    team: str
    post: str
    at: str
    words: str
    opened: bool
    thread: str
    heading: str


class ReportedAnswer(BaseModel):
    """A message that somebody reported."""

    id: str
    post: str
    thread: str
    heading: str
    author: str
    by: str
    word: str
    at: str
    body: str


class MissedAnswer(BaseModel):
    """Words that were looked for in vain, and never who did."""

    id: str
    words: str
    times: int
    last_at: str


class HiddenAnswer(BaseModel):
    """A thread or a message that was hidden."""

    thread: str
    post: str | None
    heading: str
    by: str
    at: str
    reason: str


class DeskAnswer(BaseModel):
    """What a space needs from whoever animates it."""

    space: str
    unanswered: list[UnansweredAnswer]
    newcomers: list[NewcomerAnswer]
    disagreements: list[DisagreementAnswer]
    checks: list[CheckAnswer]
    checks_total: int
    reports: list[ReportedAnswer]
    missed: list[MissedAnswer]
    inbox: list[UnsortedAnswer]
    inbox_total: int
    gaps: list[LateGapAnswer]
    hidden: list[HiddenAnswer]


class ChecksAnswer(BaseModel):
    """A page of threads that wait for a check; `unseen` more have not been looked at since their rule changed."""

    items: list[CheckAnswer]
    total: int
    page: int
    page_size: int
    unseen: int


class HiddensAnswer(BaseModel):
    """What was hidden, the newest first."""

    items: list[HiddenAnswer]


def endpoints(index: Index) -> list[Endpoint]:
    """Return the desk's calls; `index` proposes where a thread belongs."""

    def read_desk(slug: str) -> dict:
        """Read what a space needs from whoever animates it."""
        session, actor = reading()
        space = spaces.by_slug(session, actor, slug)
        return shapes.desk_shape(desk(session, site().library, actor, space, proposer(session, site(), index)))

    return [
        Endpoint("GET", "/spaces/<slug>/desk", read_desk, answer=DeskAnswer),
        Endpoint("GET", "/spaces/<slug>/checks", space_checks, query=PageQuery, answer=ChecksAnswer),
        Endpoint("GET", "/checks", own_checks, query=PageQuery, answer=ChecksAnswer),
        Endpoint("GET", "/spaces/<slug>/hidden", read_hidden, answer=HiddensAnswer),
        Endpoint("DELETE", "/searches/<id>", forget_search, answer=ForgottenAnswer),
    ]


class ForgottenAnswer(BaseModel):
    """Of which space a search was put away."""

    space: str


def space_checks(slug: str, query: PageQuery) -> dict:
    """List the threads of a space that wait for a check."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    return _page(waiting.of_space(session, site().library, space, page=query.page, page_size=query.page_size), query)


def own_checks(query: PageQuery) -> dict:
    """List the threads that the token's owner opened and that wait for a check."""
    session, actor = reading()
    return _page(waiting.of_person(session, site().library, actor, page=query.page, page_size=query.page_size), query)


def read_hidden(slug: str) -> dict:
    """List what was hidden in a space, for its animators and auditors."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    return {"items": [shapes.hidden_shape(one) for one in hidden_of(session, actor, space)]}


def forget_search(id: str) -> dict:
    """Put a search that found nothing away."""
    with writing() as (session, actor):
        return {"space": missed.forget(session, actor, id).slug}


def _page(found: waiting.Waits, query: PageQuery) -> dict:
    return page_of([shapes.waiting_shape(one) for one in found.items], found.total, query) | {"unseen": found.unseen}
