"""Every thread that hangs on the passages a change touches: what an approver reads before deciding."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Space
from discussions.anchors import Anchor
from discussions.lists import Listed, listed
from discussions.models import Post, Thread
from discussions.placing import plain_text, spot
from discussions.shown import shown
from discussions.voices import Said, said
from wiki.models import Change, Procedure
from wiki.procedures import stood
from wiki.proposals import after_of, starts, texts_of
from wiki.repository import Library


@dataclass(frozen=True)
class Touched:
    """A thread on a passage that a change touches: what it says, and the passage as it would stand."""

    thread: Listed
    quote: str
    first: Said
    anchor: str         # of its words in the text that the change would make
    words: str          # the passage as it would read, empty where it would be gone


def touched(session: Session, library: Library, space: Space, change: Change) -> list[Touched]:
    """Return the threads about passages, or in paragraphs, that a change would alter. The right to the change was asked before."""
    texts = [text for text in texts_of(session, change) if text.action != "create"]
    befores = starts(library, space, texts, stood(session, library, [text.code for text in texts])) if texts else {}
    afters = {text.code: after_of(text, befores[text.code]) for text in texts}
    moved = {code: (plain_text(befores[code]), plain_text(after)) for code, after in afters.items() if after != befores[code]}
    found = [
        (thread, anchor, moved[code][1])
        for code, thread in _quoted(session, space, list(moved))
        if (anchor := _touching(thread, *moved[code])) is not None
    ]
    return _told(session, found)


def _quoted(session: Session, space: Space, codes: Sequence[str]) -> list[tuple[str, Thread]]:
    rows = (
        select(Procedure.code, Thread)
        .join(Procedure, Procedure.id == Thread.procedure_id)
        .where(Procedure.code.in_(codes), Procedure.space_id == space.id, Thread.quote != "", shown())
        .order_by(Thread.touched_at.desc(), Thread.id)
    )
    return [(code, thread) for code, thread in session.execute(rows)]


def _touching(thread: Thread, before: str, after: str) -> Anchor | None:
    """Return where a thread's words would stand, None where the change leaves their paragraph as it is."""
    (stands, _), (would, _) = spot(thread, before), spot(thread, after)
    if stands.state == "gone" and would.state == "gone":
        return None
    same = would.state == stands.state and _paragraph(before, stands) == _paragraph(after, would)
    return None if same else would


def _paragraph(text: str, anchor: Anchor) -> str:
    start = text.rfind("\n", 0, anchor.start) + 1
    end = text.find("\n", anchor.end)
    return text[start : len(text) if end < 0 else end]


def _told(session: Session, found: Sequence[tuple[Thread, Anchor, str]]) -> list[Touched]:
    if not found:
        return []
    threads = [thread for thread, _, _ in found]
    firsts = {one.post.thread_id: one for one in said(session, Post.thread_id.in_([thread.id for thread in threads]) & (Post.number == 1))}
    lines = listed(session, threads)
    return [
        Touched(line, thread.quote, firsts[thread.id], anchor.state, after[anchor.start : anchor.end])
        for line, (thread, anchor, after) in zip(lines, found, strict=True)
    ]
