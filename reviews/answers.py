"""What the calls of upkeep answer, for the description of the API."""

from typing import Literal

from pydantic import BaseModel

Verdict = Literal["still_right", "needs_change", "retire"]


class PersonAnswer(BaseModel):
    """Somebody, by name."""

    id: str
    name: str


class ReviewedAnswer(BaseModel):
    """That somebody looked at a version, as every reader is told."""

    version: int
    by: PersonAnswer
    day: str


class ReviewAnswer(ReviewedAnswer):
    """What somebody said of a version after looking at it, for those who see reviews."""

    id: str
    verdict: Verdict
    note: str
    at: str


class AmendedAnswer(BaseModel):
    """A clause that the procedure answers and that was amended since."""

    clause: str
    label: str
    text: str
    note: str
    day: str


class DueAnswer(BaseModel):
    """When a procedure is due for review; `due` is null where nothing gives a date."""

    code: str
    version: int | None
    review_every: str
    readable: bool
    due: str | None
    overdue: bool
    amended: list[AmendedAnswer]
    last_still_right: ReviewedAnswer | None


class WaitingThread(BaseModel):
    """A thread that a reviewer should read."""

    id: str
    kind: str
    state: str
    heading: str
    opened_at: str


class MovedAnswer(BaseModel):
    """A version of another procedure that this one refers to."""

    code: str
    title: str
    version: int
    action: str
    in_force_from: str
    reason: str


class LookAnswer(DueAnswer):
    """What a reviewer should know: what happened since."""

    since: str | None
    gaps: list[WaitingThread]
    threads: list[WaitingThread]
    checks: list[WaitingThread]
    moved: list[MovedAnswer]


class ReviewsAnswer(BaseModel):
    """A page of reviews, the newest first."""

    items: list[ReviewAnswer]
    total: int
    page: int
    page_size: int


class EntryAnswer(BaseModel):
    """One day that matters for a procedure."""

    day: str
    kind: Literal["review", "takes_force", "retires"]
    code: str
    title: str
    owner: str
    version: int
    space: str
    overdue: bool
    amended: str


class CalendarAnswer(BaseModel):
    """A page of days, the earliest first; `dateless` are the codes of the procedures in force whose review has no date."""

    items: list[EntryAnswer]
    total: int
    page: int
    page_size: int
    dateless: list[str]


class AddressAnswer(BaseModel):
    """A private address, told once; null once it has ended."""

    url: str | None
