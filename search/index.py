"""The index as a follower of the journal: from acts to stale owners, to their documents, to the engine."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from accounts.models import Space
from core.followers import Follower
from core.journal import Act
from search.engine import Document, Engine, Hit

NAME = "search"
_AT_ONCE = 200


class Source(Protocol):
    """Where documents come from. An owner is what goes stale together, such as `procedure:KYC-001`."""

    kinds: tuple[str, ...]

    def touched(self, session: Session, acts: Sequence[Act]) -> set[str]:
        """Return the owners whose documents these acts made stale."""

    def owners(self, session: Session) -> Iterable[str]:
        """Return every owner there is."""

    def documents(self, session: Session, owners: Iterable[str]) -> list[Document]:
        """Return the documents of these owners as things stand; an owner without any is forgotten."""

    def present(self, session: Session, spaces: Mapping[str, Space], hits: Sequence[Hit], day: date) -> dict[str, object]:
        """Return what to show per hit key, of what SQL, which has the last word, places in one of these spaces by id."""


@dataclass(frozen=True)
class Index:
    """An engine and the sources that feed it."""

    engine: Engine
    sources: Sequence[Source]

    def follower(self) -> Follower:
        """Return the follower that keeps the index up."""
        return Follower(NAME, self.follow)

    def follow(self, session: Session, acts: Sequence[Act]) -> None:
        """Bring the index up with these acts; make it anew if there is none that can be asked."""
        if not self.engine.is_whole():
            self.rebuild(session)
            return
        owners, documents = [], []
        for source in self.sources:
            touched = sorted(source.touched(session, acts))
            for start in range(0, len(touched), _AT_ONCE):
                part = touched[start : start + _AT_ONCE]
                owners += part
                documents += source.documents(session, part)
        self.engine.replace(owners, documents)

    def heal(self, session: Session) -> bool:
        """Make the index anew if there is none that can be asked; say whether that was needed."""
        if self.engine.is_whole():
            return False
        self.rebuild(session)
        return True

    def rebuild(self, session: Session) -> None:
        """Make the index anew from the sources."""
        self.engine.rebuild(self._every_document(session))

    def present(self, session: Session, spaces: Mapping[str, Space], hits: Sequence[Hit], day: date) -> list:
        """Return what to show of these hits, in their order, for somebody who may read these spaces, by id."""
        found: dict[str, object] = {}
        for source in self.sources:
            own = [hit for hit in hits if hit.kind in source.kinds]
            found |= source.present(session, spaces, own, day) if own else {}
        return [found[hit.key] for hit in hits if hit.key in found]

    def _every_document(self, session: Session) -> Iterator[Document]:
        for source in self.sources:
            owners = sorted(source.owners(session))
            for start in range(0, len(owners), _AT_ONCE):
                yield from source.documents(session, owners[start : start + _AT_ONCE])
                session.expunge_all()
