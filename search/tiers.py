"""One Whoosh index on disk, read by any process: its documents' columns and posting lists, decoded once and kept.

Two of them stand side by side: `main`, large and seldom written, and `fresh`, small and written at every act, whose
owners mask what main still says of them.
"""

import json
from array import array
from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from whoosh import columns, fields, index
from whoosh.reading import IndexReader

from search.engine import Document
from search.words import terms, words

TOMBSTONE = "gone"
_MOST_POSTINGS = 6_000_000


def schema() -> fields.Schema:
    """Return the schema of both tiers. Texts come as terms already; Whoosh keeps and counts them."""
    return fields.Schema(
        owner=fields.ID(),
        en=fields.KEYWORD(scorable=True),
        fr=fields.KEYWORD(scorable=True),
        code=fields.ID(),
        plain=fields.KEYWORD(scorable=True),     # scorable only because Whoosh looks for lengths it does not keep
        meta=fields.COLUMN(columns.VarBytesColumn()),
        shown=fields.STORED(),
    )


@dataclass(frozen=True)
class Leaf:
    """One segment: per document its class, length, author, day and owner, as arrays; `classes` are (space, kind, language,
    days), `places` the documents of each owner.
    """

    name: tuple
    reader: IndexReader
    classes: list[tuple]
    class_of: np.ndarray
    lengths: np.ndarray
    authors: np.ndarray         # of ASCII bytes, as are the days: b"2026-11-26" or b""
    days: np.ndarray
    owners: list[str]
    places: dict[str, list[int]]


def add(writer, document: Document) -> None:
    """Write one document."""
    found = list(words(f"{document.title}\n{document.body}"))
    under = [term for word in found for term in terms(word.lower, word.folded, document.language)]
    meta = [
        document.space, document.kind, document.language, _day(document.from_day), _day(document.until_day), len(under),
        document.author, document.at.date().isoformat() if document.at else "", document.owner,
    ]
    text = {document.language: " ".join(under)}
    writer.add_document(
        owner=document.owner, code=document.code or None, plain=" ".join({word.folded for word in found}),
        meta=json.dumps(meta).encode(), shown=(document.key, document.title, document.body, document.code, document.thread), **text,
    )


def add_tombstone(writer, owner: str) -> None:
    """Say that what main holds of an owner no longer counts."""
    writer.add_document(owner=owner, meta=json.dumps(["", TOMBSTONE, "", "", "", 0, "", "", owner]).encode(), shown=None)


def _day(day) -> str:
    return day.isoformat() if day else ""


class Tier:
    """A Whoosh index in a folder, opened again when somebody wrote to it."""

    def __init__(self, folder: Path):
        self._index = index.open_dir(str(folder))
        self._reader: IndexReader | None = None
        self._generation = -1
        self.leaves: list[Leaf] = []

    def refresh(self) -> bool:
        """Look at what is on disk now; say whether it changed."""
        generation = self._index.latest_generation()
        if generation == self._generation:
            return False
        # An empty reader has no segments to be used again, and Whoosh stumbles over it.
        self._reader = self._index.reader(reuse=self._reader if self.leaves else None)
        kept = {leaf.name[0]: leaf for leaf in self.leaves}
        readers = [leaf for leaf, _ in self._reader.leaf_readers() if leaf.doc_count_all()]
        self.leaves = [_leaf(reader, kept.get(reader.segment().segment_id())) for reader in readers]
        self._generation = generation
        return True

    @property
    def reader(self) -> IndexReader:
        """The reader of what `refresh` saw."""
        return self._reader


def _leaf(reader: IndexReader, kept: Leaf | None) -> Leaf:
    name = (reader.segment().segment_id(), reader.doc_count())
    if kept is not None:
        return replace(kept, name=name, reader=reader)
    classes: dict[tuple, int] = {}
    places: dict[str, list[int]] = {}
    class_of, lengths, authors, days, owners = [], [], [], [], []
    meta = reader.column_reader("meta")
    for number in range(reader.doc_count_all()):
        space, kind, language, start, end, length, author, day, owner = json.loads(meta[number])
        class_of.append(classes.setdefault((space, kind, language, start, end), len(classes)))
        lengths.append(length)
        authors.append(author)
        days.append(day)
        owners.append(owner)
        places.setdefault(owner, []).append(number)
    numbers = (np.array(column, dtype=np.uint32) for column in (class_of, lengths))
    names = (np.array(column, dtype="S") for column in (authors, days))
    return Leaf(name, reader, list(classes), *numbers, *names, owners, places)


class Postings:
    """Posting lists decoded, least recently used out first: (documents, frequencies) of one term in one segment."""

    def __init__(self):
        self._kept: OrderedDict[tuple, tuple[np.ndarray, np.ndarray]] = OrderedDict()
        self._size = 0

    def get(self, leaf: Leaf, field: str, term: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the documents that hold a term, and how often."""
        key = (leaf.name, field, term)      # a segment's name holds how many of its documents are left
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = _decoded(leaf.reader, field, term)
            self._size += len(found[0])
            while self._size > _MOST_POSTINGS and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[1][0])
        else:
            self._kept.move_to_end(key)
        return found


def _decoded(reader: IndexReader, field: str, term: str) -> tuple[np.ndarray, np.ndarray]:
    documents, frequencies = array("I"), array("f")
    if (field, term) in reader:
        matcher = reader.postings(field, term)
        while matcher.is_active():
            documents.append(matcher.id())
            frequencies.append(matcher.weight())
            matcher.next()
    return np.array(documents), np.array(frequencies)

