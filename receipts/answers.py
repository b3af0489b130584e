"""What the calls of this package answer, for the description of the API."""

from typing import Literal

from pydantic import BaseModel

Role = Literal["member", "author", "approver", "animator"]
RollState = Literal["missing", "attested", "past"]


class NamedPerson(BaseModel):
    """A person by id and name."""

    id: str
    name: str


class AudienceAnswer(BaseModel):
    """Whom a procedure asks: `teams` are those that the text in force names; `asked` and `missing` are counts of today."""

    code: str
    roles: list[Role]
    people: list[NamedPerson]
    applies_to: bool
    teams: list[str]
    asked: int
    missing: int
    digest: str


class LineAnswer(BaseModel):
    """One person and one receipt, or the want of one; of somebody missing, `version` and `at` are of the last they gave."""

    person: NamedPerson
    team: str
    state: RollState
    version: int | None
    at: str | None
    blob: str | None
    since: str | None
    reminded_at: str | None


class RollAnswer(BaseModel):
    """One page of who has attested and who has not."""

    items: list[LineAnswer]
    total: int
    page: int
    page_size: int


class ReceiptAnswer(BaseModel):
    """A receipt: exactly which text was attested, and when."""

    code: str
    version: int
    blob: str
    at: str


class AskedAgainAnswer(BaseModel):
    """Who asked again and when."""

    by: NamedPerson
    at: str


class ToReadAnswer(BaseModel):
    """A procedure that waits for a receipt; `attested` is the version attested last."""

    code: str
    title: str
    space: str
    version: int
    attested: int | None
    since: str
    reminders: list[AskedAgainAnswer]


class ToReadsAnswer(BaseModel):
    """One page of what waits for a receipt, the longest waiting first."""

    items: list[ToReadAnswer]
    total: int
    page: int
    page_size: int


class RemindedAnswer(BaseModel):
    """Who was asked again just now: nobody twice on one day."""

    code: str
    reminded: list[str]
