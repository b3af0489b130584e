"""The practice half of a procedure's page: its threads under the words they are about, in the order of the rule."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import may
from discussions.citations import changes_of
from discussions.lists import counts_of
from discussions.marking import marked
from discussions.models import Thread
from discussions.placing import Placement, checks_of, gathered, placement, plain_text
from discussions.shown import pinned_first, shown
from discussions.voices import Voice, changeable, voices
from wiki.procedures import Found
from wiki.standing import Standing

SHOWN = 10              # threads with their words; the rest is one link away
_COUNTED = 1000         # threads whose words are looked for in the rule, the last spoken in


@dataclass(frozen=True)
class Passage:
    """Words of the rule that people talk about: offsets in its plain text, and where the talk is."""

    quote: str
    start: int
    end: int
    count: int
    anchor_id: str


@dataclass(frozen=True)
class Gloss:
    """The threads about one passage, those shown here; `words` is the passage as the rule says it now."""

    passage: Passage
    voices: Sequence[Voice]
    thread_id: str          # one of the threads, whose quote a new question takes over

    @property
    def words(self) -> str:
        """The words that head the threads about them."""
        return self.passage.quote

    @property
    def more(self) -> int:
        """How many threads about these words are not shown here."""
        return self.passage.count - len(self.voices)


@dataclass(frozen=True)
class Panel:
    """What `discussions/_panel.html` shows. Nothing here depends on the person beyond what they may do and see."""

    code: str
    space: Space
    total: int
    waiting: int
    messages: int           # that an open page shows: see news.py
    glosses: Sequence[Gloss]
    others: Sequence[Voice]
    may_take_part: bool
    may_write: bool
    may_propose: bool
    words: str              # the rule's plain text, empty where nothing holds

    @property
    def passages(self) -> list[Passage]:
        """The passages that people talk about, in the order of the rule."""
        return [gloss.passage for gloss in self.glosses]

    @property
    def shown(self) -> int:
        """How many threads are shown with their words."""
        return len(self.others) + sum(len(gloss.voices) for gloss in self.glosses)

    def marked(self, html: str, count: Callable[[str, int], str]) -> str:
        """Return the rule's HTML with the passages marked; `count` draws what stands in the margin of each."""
        return marked(html, self.words, self.passages, count)


def panel(session: Session, actor: Actor, found: Found, standing: Standing, text: str | None) -> Panel:
    """Return the practice beside a procedure that the actor may read; `text` is the file the page shows."""
    total, waiting, messages = counts_of(session, found.procedure)
    threads = _last_spoken_in(session, found, standing.day)
    holds = text is not None and standing.state != "retired"
    words = plain_text(text) if holds else None
    checks = checks_of(session, [thread for thread in threads if thread.quote])
    placed = {thread.id: placement(thread, standing, words, checks.get(thread.id, ())) for thread in threads}
    changes = _changes(session, actor, found, threads)
    code = changeable(found.procedure, standing)
    shown = {voice.thread.id: voice for voice in voices(session, threads[:SHOWN], placed, changes, code, standing.day)}
    groups = [sorted(group, key=lambda thread: thread.touched_at, reverse=True) for group in gathered(threads, placed)]
    in_groups = {thread.id for group in groups for thread in group}
    return Panel(
        code=found.procedure.code, space=found.space, total=total, waiting=waiting, messages=messages,
        glosses=[_gloss(group, placed, shown) for group in groups],
        others=[voice for id, voice in shown.items() if id not in in_groups],
        may_take_part=may(actor, Permission.TAKE_PART, found.space),
        may_write=may(actor, Permission.WRITE, found.space),
        may_propose=may(actor, Permission.PROPOSE, found.space),
        words=words or "",
    )


def _last_spoken_in(session: Session, found: Found, day: date) -> list[Thread]:
    rows = select(Thread).where(Thread.procedure_id == found.procedure.id, shown())
    rows = rows.order_by(pinned_first(day), Thread.touched_at.desc(), Thread.id)
    return list(session.scalars(rows.limit(_COUNTED)))


def _changes(session: Session, actor: Actor, found: Found, threads: Sequence[Thread]) -> dict:
    # The panel is kept for everybody with the same rights, so what one person alone may see is not in it.
    if not may(actor, Permission.SEE_CHANGES, found.space):
        return {}
    return changes_of(session, actor, [thread.id for thread in threads[:SHOWN]])


def _gloss(group: list[Thread], placed: dict[str, Placement], shown: dict[str, Voice]) -> Gloss:
    first = min(group, key=lambda thread: (placed[thread.id].anchor.start, thread.opened_at))
    spot = placed[first.id]
    oldest = min(group, key=lambda thread: (thread.opened_at, thread.id))
    passage = Passage(
        quote=" ".join(spot.words.split()), start=spot.anchor.start, end=spot.anchor.end, count=len(group),
        anchor_id=f"g{oldest.id}",
    )
    return Gloss(passage, [shown[thread.id] for thread in group if thread.id in shown], first.id)
