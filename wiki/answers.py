"""What the rule's calls answer, for the description of the API. Source: design, section 6, "Shapes"."""

from typing import Literal

from pydantic import BaseModel, Field

State = Literal["in_force", "scheduled", "retired"]
VersionState = Literal["scheduled", "in_force", "superseded", "cancelled"]


class ApprovalAnswer(BaseModel):
    """A name, a time and a meaning."""

    name: str
    at: str
    meaning: str
    comment: str | None = None


class AttachmentAnswer(BaseModel):
    """A file that comes with a text, and where it is downloaded."""

    name: str
    type: str
    size: int
    sha256: str
    url: str


class FileChangeAnswer(BaseModel):
    """What became of a file."""

    name: str
    change: Literal["added", "removed", "replaced"]


class VersionAnswer(BaseModel):
    """One version as it stands."""

    version: int
    action: str
    state: VersionState
    imported: bool
    approved_at: str | None
    in_force_from: str
    commit: str
    kind: str
    reason: str
    for_you: list[str]
    author: str
    approvals: list[ApprovalAnswer]


class ListedProcedure(BaseModel):
    """A procedure in a list."""

    code: str
    title: str
    state: State
    version: int
    in_force_from: str


class _Page(BaseModel):
    total: int
    page: int
    page_size: int


class ProceduresAnswer(_Page):
    """A page of procedures."""

    items: list[ListedProcedure]


class VersionsAnswer(_Page):
    """A page of versions, newest first."""

    items: list[VersionAnswer]


class SourceAnswer(BaseModel):
    """What a text was translated from: the version it was made from, and the one in force."""

    code: str
    version: int
    current: int | None
    behind: bool


class TranslationAnswer(BaseModel):
    """The same rule in another language; `behind` where it was made from an older version than the one in force."""

    code: str
    language: str
    title: str
    behind: bool


class ProcedureAnswer(BaseModel):
    """A procedure with one text; markdown is null where nothing is in force on that date."""

    code: str
    title: str
    space: str
    state: State
    version: int | None
    approved_at: str | None
    in_force_from: str | None
    commit: str | None
    markdown: str | None
    html: str | None
    approvals: list[ApprovalAnswer]
    next: VersionAnswer | None
    attachments: list[AttachmentAnswer]
    language: str
    translation_of: SourceAnswer | None
    translations: list[TranslationAnswer]


class PieceAnswer(BaseModel):
    """A run of words: in both texts, only in the old one, or only in the new one."""

    op: Literal["same", "removed", "added"]
    text: str


class DifferenceAnswer(BaseModel):
    """The difference between two versions."""

    code: str
    from_: int = Field(alias="from")
    to: int
    blocks: list[PieceAnswer]
    files: list[FileChangeAnswer]


class ChangeTextAnswer(BaseModel):
    """One procedure's part of a change; `version` is the one it made, once published."""

    action: str
    code: str
    markdown: str | None
    base: int | None
    version: int | None
    difference: list[PieceAnswer]
    attachments: list[AttachmentAnswer]
    files: list[FileChangeAnswer]


class ChangeAnswer(BaseModel):
    """A change as it stands."""

    id: str
    space: str
    state: Literal["draft", "in_review", "published", "declined", "withdrawn"]
    digest: str
    reason: str
    kind: str
    for_you: list[str]
    in_force_from: str | None
    replaces_scheduled: bool
    approvals_required: int
    end_reason: str
    commit: str | None
    texts: list[ChangeTextAnswer]
    approvals: list[ApprovalAnswer]
    threads: list[str]
    proposed: bool
    proposed_by: str | None
    taken_over_by: str | None


class ActAnswer(BaseModel):
    """One act of a journal."""

    sequence: int
    at: str
    actor: dict | None
    act: str
    object: str
    reason_digest: str | None
    content_digest: str | None
    previous: str
    hash: str


class JournalAnswer(_Page):
    """A page of acts in order."""

    items: list[ActAnswer]
