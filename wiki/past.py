"""Everything that happened to a change, kept whatever became of it: each save, each approval, how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Person, Space
from wiki.attached import Attachment, FileChange, listed, touched
from wiki.difference import Difference, difference
from wiki.models import Approval, Change, Save, Version
from wiki.procedures import Stood, stood, text_of
from wiki.repository import Library


@dataclass(frozen=True)
class SavedText:
    """One procedure's part of a save, and what it changed since the save before, or since its base at first."""

    action: str
    code: str
    base: int | None
    markdown: str | None
    found: Difference
    files: tuple[FileChange, ...] = ()


@dataclass(frozen=True)
class Saved:
    """One save: `number` counts from 1; `moved` names what else than the texts it set anew."""

    number: int
    at: datetime
    person: Person | None           # None: an import, or a merge of the site's
    digest: str
    content: dict
    moved: tuple[str, ...]
    texts: tuple[SavedText, ...]
    dropped: tuple[str, ...]        # codes that the save before had

    @property
    def day(self) -> date | None:
        """The day from which it was to be in force, None for that of its publication."""
        day = self.content.get("in_force_from")
        return date.fromisoformat(day) if day else None

    @property
    def changes_nothing(self) -> bool:
        """Whether everything was as the save before had it."""
        moved = self.number == 1 or self.moved or self.dropped
        return not moved and all(not text.files and all(piece.op == "same" for piece in text.found.pieces) for text in self.texts)


@dataclass(frozen=True)
class Happening:
    """One thing that happened to a change.

    `what`: save, propose (the first save of a reader's), take_over (an author's first), submit, approve, review, fall,
    decline, withdraw or publish. `words` are a person's, or why an approval fell, with %(name)s for `by`.
    """

    at: datetime
    what: str
    person: Person | None
    words: str = ""
    by: str = ""
    saved: Saved | None = None


_TOLD = ("reason", "kind", "for_you", "in_force_from", "replaces_scheduled")


def saves(
    session: Session, library: Library, space: Space, change: Change, *, page: int, page_size: int
) -> tuple[list[Saved], int]:
    """Return a page of a change's saves in order, and how many there are. The right to see the change was asked before."""
    total = session.scalar(select(func.count()).select_from(Save).where(Save.change_id == change.id))
    first = (page - 1) * page_size
    rows = session.execute(
        select(Save, Person)
        .outerjoin(Person, Person.id == Save.person_id)
        .where(Save.change_id == change.id)
        .order_by(Save.id)
        .offset(max(first - 1, 0))      # with the one before, to compare with
        .limit(page_size + (first > 0))
    ).all()
    found = stood(session, library, {text["code"] for save, _ in rows for text in save.content.get("texts", ())})
    pairs = [(None, *rows[0])] if rows and not first else []
    pairs += [(before, save, person) for (before, _), (save, person) in zip(rows, rows[1:], strict=False)]
    return [
        _saved(library, space, found, number, before, save, person) for number, (before, save, person) in enumerate(pairs, first + 1)
    ], total


def happenings(session: Session, change: Change, saved: Sequence[Saved]) -> list[Happening]:
    """Return what happened from the first of these saves on until the one after the last.

    Ordered by time, as the saves and the decisions are in two tables; each of both stays in its own order.
    """
    told = [Happening(one.at, _kind(change, one), one.person, saved=one) for one in saved]
    start = saved[0].at if saved and saved[0].number > 1 else None
    after = saved[-1].number if saved else 0
    end = session.scalar(select(Save.at).where(Save.change_id == change.id).order_by(Save.id).offset(after).limit(1))
    decided = [one for one in _decided(session, change) if (start is None or one.at >= start) and (end is None or one.at < end)]
    return list(merge(told, sorted(decided, key=lambda one: one.at), key=lambda one: one.at))


def _kind(change: Change, saved: Saved) -> str:
    if saved.number == 1 and change.proposed_at is not None:
        return "propose"
    return "take_over" if saved.at == change.taken_over_at else "save"


def _decided(session: Session, change: Change) -> list[Happening]:
    rows = session.execute(
        select(Approval, Person).join(Person, Person.id == Approval.person_id).where(Approval.change_id == change.id).order_by(Approval.id)
    ).all()
    told = [Happening(change.submitted_at, "submit", None)] if change.submitted_at else []
    told += [Happening(approval.at, approval.meaning, person, approval.comment) for approval, person in rows]
    fallen = [(approval, person) for approval, person in rows if approval.fell_at]
    told += [Happening(approval.fell_at, "fall", person, approval.fell_because, approval.fell_by) for approval, person in fallen]
    if change.ended_at:
        what = {"declined": "decline", "withdrawn": "withdraw"}.get(change.state, "publish")
        told.append(Happening(change.ended_at, what, session.get(Person, change.ended_by) if change.ended_by else None, change.end_reason))
    return told


def _saved(library, space, found: Mapping[str, Stood], number: int, before: Save | None, save: Save, person: Person | None) -> Saved:
    old, new = before.content if before else {}, save.content
    known = {text["code"]: text for text in old.get("texts", ())}
    texts = new.get("texts", ())
    return Saved(
        number=number, at=save.at, person=person, digest=save.digest, content=new,
        moved=tuple(name for name in _TOLD if before is not None and old.get(name) != new.get(name)),
        texts=tuple(_text(library, space, found, text, known.get(text["code"])) for text in texts),
        dropped=tuple(code for code in known if code not in {text["code"] for text in texts}),
    )


def _text(library, space, found: Mapping[str, Stood], text: dict, before: dict | None) -> SavedText:
    base = None if before else _base(found, text)
    was = (before["file"] or "") if before else (text_of(library, space, base) or "") if base else ""
    held = _files(before) if before else listed(base)
    if text["action"] == "cancel":
        return SavedText("cancel", text["code"], text["base"], None, difference(was, was))
    now = text["file"]
    return SavedText(text["action"], text["code"], text["base"], now, difference(was, now or ""), tuple(touched(held, _files(text))))


def _base(found: Mapping[str, Stood], text: dict) -> Version | None:
    versions = found[text["code"]].standing.versions if text["code"] in found else ()
    return next((one for one in versions if one.number == text["base"]), None)


def _files(text: dict) -> tuple[Attachment, ...]:
    return tuple(Attachment(**row) for row in text.get("attachments", ()))
