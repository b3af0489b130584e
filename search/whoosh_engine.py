"""The embedded engine: Whoosh on disk, in two tiers, behind the protocol of `engine`.

`main` is large and written seldom; `fresh` is small and written at every act. A later segment's word about an owner
masks every earlier one's, so nothing is deleted while people wait. Which folders are in use is one small file,
replaced in one step. The index holds pickles of Whoosh's: it is never read from elsewhere, and can be deleted.
"""

import json
import os
import shutil
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from whoosh import index

from core.errors import N_, Unavailable
from search.engine import Document, Found, Query
from search.scoring import Scorer
from search.tiers import TOMBSTONE, Leaf, Postings, Tier, add, add_tombstone, schema

_SCHEMA = 2         # moves when what an owner is, or a field, is another: the index is then made again
_MOST_FRESH_SEGMENTS = 10
_TOO_MANY_SEGMENTS = 120        # each search asks every segment, so a crowd of writers waits for the folding
_DAMAGE = (OSError, EOFError, KeyError, ValueError, IndexError, TypeError, AttributeError, index.IndexError)
_AWAY = N_("The search index is being made again. Everything else works; try again in a minute.")


@dataclass(frozen=True)
class Snapshot:
    """What one search sees: every segment in order of writing, and which of them speaks last for each owner."""

    number: int
    leaves: tuple[Leaf, ...]
    last: dict[str, int]


class WhooshEngine:
    """A Whoosh index in a folder. One process writes at a time; any may search."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._current = folder / "current.json"
        self._lock = threading.Lock()
        self._tiers: tuple[str, Tier, Tier] | None = None
        self._snapshot: Snapshot | None = None
        self._snapshots = 0
        self._scorer = Scorer(Postings())

    def is_whole(self) -> bool:
        """Say whether there is an index that can be asked; if not, it has to be rebuilt."""
        try:
            self._seen()
        except Unavailable:
            return False
        return True

    def rebuild(self, documents: Iterable[Document]) -> None:
        """Make the index anew from these documents, beside the old one, and swap them in one step."""
        self._folder.mkdir(parents=True, exist_ok=True)
        main = self._new_folder("main")
        writer = index.open_dir(str(main)).writer(limitmb=256)
        for document in documents:
            add(writer, document)
        writer.commit()
        self._swap(main.name, self._new_folder("fresh").name)

    def replace(self, owners: Collection[str], documents: Iterable[Document]) -> None:
        """Forget every document of these owners and take the new ones, in one step that survives a crash."""
        if not owners:
            return
        writer = index.open_dir(str(self._folder / self._names()["fresh"])).writer()
        for owner in owners:
            add_tombstone(writer, owner)
        for document in documents:
            add(writer, document)
        writer.commit(merge=False)
        self.rest(_TOO_MANY_SEGMENTS)

    def search(self, query: Query) -> Found:
        """Return what the query finds. Raises: Unavailable while the index is being rebuilt."""
        snapshot = self._seen()
        try:
            return self._scorer.found(snapshot, query)
        except _DAMAGE as error:
            self._condemn()
            raise Unavailable(_AWAY) from error

    def rest(self, most: int = _MOST_FRESH_SEGMENTS) -> None:
        """Move what is fresh into main when there is much of it: best at a quiet moment."""
        if not self.is_whole():
            return
        snapshot = self._seen()
        fresh = self._tiers[2]
        if len(fresh.leaves) < most:
            return
        first = len(snapshot.leaves) - len(fresh.leaves)
        writer = index.open_dir(str(self._folder / self._names()["main"])).writer(limitmb=256)
        for owner in {owner for leaf in fresh.leaves for owner in leaf.owners}:
            writer.delete_by_term("owner", owner)
        for number, leaf in enumerate(fresh.leaves, first):
            for document in _documents(leaf, number, snapshot.last):
                add(writer, document)
        writer.commit()
        self._swap(self._names()["main"], self._new_folder("fresh").name)

    def _seen(self) -> Snapshot:
        with self._lock:
            try:
                return self._refreshed()
            except FileNotFoundError as error:
                raise Unavailable(_AWAY) from error
            except _DAMAGE as error:
                self._condemn()
                raise Unavailable(_AWAY) from error

    def _refreshed(self) -> Snapshot:
        text = self._current.read_text()
        if self._tiers is None or self._tiers[0] != text:
            names = self._names(text)
            kept = self._tiers[1] if self._tiers and self._names(self._tiers[0])["main"] == names["main"] else None
            self._tiers = (text, kept or Tier(self._folder / names["main"]), Tier(self._folder / names["fresh"]))
            self._snapshot = None
        changed = [tier.refresh() for tier in self._tiers[1:]]
        if any(changed) or self._snapshot is None:
            leaves = (*self._tiers[1].leaves, *self._tiers[2].leaves)
            self._snapshots += 1
            self._snapshot = Snapshot(self._snapshots, leaves, _last(leaves, len(self._tiers[1].leaves)))
        return self._snapshot

    def _names(self, text: str | None = None) -> dict[str, str]:
        try:
            names = json.loads(self._current.read_text() if text is None else text)
        except FileNotFoundError as error:
            raise Unavailable(_AWAY) from error
        if names.get("schema") != _SCHEMA:
            raise KeyError("schema")
        return names

    def _new_folder(self, kind: str) -> Path:
        folder = self._folder / f"{kind}-{os.urandom(4).hex()}"
        folder.mkdir(parents=True)
        index.create_in(str(folder), schema())
        return folder

    def _swap(self, main: str, fresh: str) -> None:
        temporary = self._current.with_suffix(".new")
        temporary.write_text(json.dumps({"schema": _SCHEMA, "main": main, "fresh": fresh}))
        os.replace(temporary, self._current)
        for folder in self._folder.iterdir():
            if folder.is_dir() and folder.name not in (main, fresh):
                shutil.rmtree(folder, ignore_errors=True)

    def _condemn(self) -> None:
        # What cannot be read is not asked again; the follower finds no index and makes it anew.
        self._tiers = self._snapshot = None
        self._current.unlink(missing_ok=True)


def _last(leaves: Iterable[Leaf], main: int) -> dict[str, int]:
    """Return, per owner that fresh speaks of, the number of the segment that speaks last."""
    found: dict[str, int] = {}
    for number, leaf in enumerate(leaves):
        if number >= main:
            found |= dict.fromkeys(leaf.owners, number)
    return found


def _documents(leaf: Leaf, number: int, last: dict[str, int]) -> Iterable[Document]:
    for at, owner in enumerate(leaf.owners):
        space, kind, language, start, end = leaf.classes[leaf.class_of[at]]
        if kind == TOMBSTONE or last.get(owner) != number:
            continue
        key, title, body, code, thread = leaf.reader.stored_fields(at)["shown"]
        yield Document(
            key=key, owner=owner, kind=kind, space=space, language=language, title=title, body=body, code=code, thread=thread,
            author=leaf.authors[at].decode(), at=datetime.fromisoformat(leaf.days[at].decode()).replace(tzinfo=UTC) if leaf.days[at] else None,
            from_day=date.fromisoformat(start) if start else None, until_day=date.fromisoformat(end) if end else None,
        )
