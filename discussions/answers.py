"""What the practice's calls answer, for the description of the API. Source: design, section 6, "Shapes"."""

from typing import Literal

from pydantic import BaseModel


class PersonAnswer(BaseModel):
    """Somebody, by name."""

    id: str
    name: str


class ErasedAnswer(BaseModel):
    """Who erased or hid a post, when and why."""

    by: PersonAnswer
    at: str
    reason: str


class PictureAnswer(BaseModel):
    """A picture that came with a post, and where it is."""

    name: str
    size: int
    type: str
    url: str


class PostAnswer(BaseModel):
    """One contribution; `useful` counts the people who said so."""

    id: str
    parent: str | None
    author: PersonAnswer
    body: str
    html: str
    created_at: str
    edited_at: str | None
    erased: ErasedAnswer | None
    hidden: ErasedAnswer | None
    useful: int
    pictures: list[PictureAnswer]


class ThreadAnswer(BaseModel):
    """A thread with its posts, and what became of the words it is about."""

    id: str
    kind: Literal["question", "tip", "gap", "announcement"]
    title: str
    state: Literal["open", "answered", "closed", "locked"]
    code: str | None
    space: str
    version: int | None
    quote: str
    anchor: Literal["none", "exact", "moved", "altered", "gone"]
    needs_check: bool
    accepted: str | None
    pinned_until: str | None
    changes: list[str]
    posts: list[PostAnswer]


class _Page(BaseModel):
    total: int
    page: int
    page_size: int


class ThreadsAnswer(_Page):
    """A page of threads, the last spoken in first."""

    items: list[ThreadAnswer]


class NamesAnswer(BaseModel):
    """People, by name."""

    items: list[str]


class EditAnswer(BaseModel):
    """Words a post had, until it was edited."""

    body: str
    until: str


class EditsAnswer(_Page):
    """A page of earlier words, the oldest first."""

    items: list[EditAnswer]


class MentionableAnswer(BaseModel):
    """At most eight people; a name is as it is written after an @."""

    items: list[PersonAnswer]
