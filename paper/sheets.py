"""What a copy on paper is made of: plain values, so that it can be set by another process and is set the same again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Fact:
    """One line of a colophon: what it is, and what is said of it, a line each."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """The controlled copy of one version. Every word but those of the text is in the reader's language.

    `across` goes across every page and is empty where the version may be used.
    """

    code: str
    title: str
    reference: str          # in the head of every page
    printed: str            # the day of printing
    approved: str           # in the foot of every page
    check: str              # where the version in force is to be found
    status: str
    across: str
    notes: tuple[str, ...]
    colophon: tuple[Fact, ...]
    text: str               # the whole file, empty where the version retired its procedure
    path: str
    slug: str


@dataclass(frozen=True)
class Document:
    """One or more sheets bound together; a manual has a contents page, whose heading is `contents`."""

    title: str
    subject: str
    author: str
    language: str
    page: str               # "Page {page} of {pages}"
    boxes: str              # said where characters could not be set
    sheets: tuple[Sheet, ...]
    contents: str = ""
    about: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """How many characters its texts have."""
        return sum(len(sheet.text) for sheet in self.sheets)


def as_values(document: Document) -> dict:
    """Return a document as values that JSON can carry."""
    return asdict(document)


def from_values(values: Mapping) -> Document:
    """Return the document of `as_values`."""
    sheets = tuple(
        Sheet(**{**one, "notes": tuple(one["notes"]), "colophon": tuple(Fact(f["name"], tuple(f["lines"])) for f in one["colophon"])})
        for one in values["sheets"]
    )
    return Document(**{**values, "sheets": sheets, "about": tuple(values["about"])})
