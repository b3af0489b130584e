"""What the calls of the register answer, for the description of the API."""

from typing import Literal

from pydantic import BaseModel


class AnsweringProcedure(BaseModel):
    """A procedure that answers a clause, and the version that does."""

    code: str
    title: str
    state: Literal["in_force", "scheduled"]
    version: int


class AmendmentAnswer(BaseModel):
    """What somebody said when a clause was amended."""

    note: str
    by: str
    day: str
    at: str


class ClauseAnswer(BaseModel):
    """A clause, and who answers it; an empty list of procedures is a hole."""

    id: str
    label: str
    wording: str
    revision: int
    amended: AmendmentAnswer | None
    procedures: list[AnsweringProcedure]


class TextAnswer(BaseModel):
    """A text of the register, with how many clauses it has and how many of them nothing answers."""

    id: str
    space: str
    title: str
    short: str
    source: str
    dated: str | None
    next_check: str | None
    check_overdue: bool
    checked_at: str | None
    checked_by: str | None
    revision: int
    clauses_total: int
    holes: int


class WholeTextAnswer(TextAnswer):
    """A text with its clauses, in their order."""

    clauses: list[ClauseAnswer]


class TextsAnswer(BaseModel):
    """A page of texts, by title."""

    items: list[TextAnswer]
    total: int
    page: int
    page_size: int


class UnknownWords(BaseModel):
    """Words by which a procedure names something that is not in the register."""

    code: str
    version: int
    words: str


class UnknownAnswer(BaseModel):
    """A page of such words."""

    items: list[UnknownWords]
    total: int
    page: int
    page_size: int


class AmendmentsAnswer(BaseModel):
    """A page of what was said of a clause's amendments, the newest first."""

    items: list[AmendmentAnswer]
    total: int
    page: int
    page_size: int


class BroughtAnswer(BaseModel):
    """What a list brought."""

    lines: int
    new_texts: int
    changed_texts: int
    new_clauses: int
    changed_clauses: int


class ListAnswer(BaseModel):
    """A register as CSV."""

    csv: str


class DroppedAnswer(BaseModel):
    """What was taken out of the register."""

    id: str
