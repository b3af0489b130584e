"""What an engine is: four methods over documents. Rights are columns of the documents, asked inside the query."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

KINDS = ("procedure", "question", "tip", "gap", "announcement", "answer")


@dataclass(frozen=True)
class Document:
    """One thing that can be found: a text of a procedure over the days it holds, or one post.

    `owner` is what replaces together: all documents of `procedure:KYC-001`, or the one of `post:<id>`. `key` is unique.
    A document is found on the days `from_day <= day < until_day`; None leaves that side open.
    """

    key: str
    owner: str
    kind: str
    space: str                      # the space's id
    language: str                   # "en" or "fr"
    title: str
    body: str                       # plain text
    code: str = ""
    thread: str = ""
    author: str = ""                # the person's id
    at: datetime | None = None      # posted, or approved
    from_day: date | None = None
    until_day: date | None = None


@dataclass(frozen=True)
class Query:
    """What somebody looks for, and where they may look. `spaces` are ids: nothing outside them is seen or counted."""

    text: str
    spaces: frozenset[str]
    day: date
    kinds: frozenset[str] = frozenset()     # empty: every kind
    language: str | None = None
    author: str | None = None
    after: date | None = None               # documents `at` this day or later
    before: date | None = None              # documents `at` an earlier day
    page: int = 1
    page_size: int = 20


@dataclass(frozen=True)
class Hit:
    """One thing found, best first; `snippet` is escaped HTML with the words in <mark>."""

    key: str
    kind: str
    space: str
    title: str
    snippet: str
    code: str
    thread: str
    score: float


@dataclass(frozen=True)
class Found:
    """A page of hits, how many there are in all, per kind, and a better spelling if there seems to be one."""

    hits: list[Hit]
    total: int
    per_kind: dict[str, int] = field(default_factory=dict)
    suggestion: str | None = None


class Engine(Protocol):
    """Words to documents. Implementations are fed by one writer at a time and may be read by many processes."""

    def is_whole(self) -> bool:
        """Say whether there is an index that can be asked; if not, it has to be rebuilt."""

    def rebuild(self, documents: Iterable[Document]) -> None:
        """Make the index anew from these documents, beside the old one, and swap them in one step."""

    def replace(self, owners: Collection[str], documents: Iterable[Document]) -> None:
        """Forget every document of these owners and take the new ones, in one step that survives a crash."""

    def search(self, query: Query) -> Found:
        """Return what the query finds. Raises: Unavailable while the index is being rebuilt."""
