"""Where two people disagree, as far as a program can honestly tell.

Nobody's tone is judged. Two things count: two people gave opposite verdicts on the same words (*still true* against
*no longer true* or *needs an edit*) and nothing settled it; or two people answered each other turn by turn, at least two
turns each, within a fortnight, in a thread without an accepted answer.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from accounts.models import Person, Space
from core import clock
from discussions.lists import Listed, is_open, listed
from discussions.models import Post, Thread, ThreadCheck
from discussions.shown import shown

RECENT = timedelta(days=14)
MOST = 20


@dataclass(frozen=True)
class Disagreement:
    """A thread in which two people disagree; `by_verdict` says whether on whether it still holds, or in their answers."""

    thread: Listed
    one: str
    other: str
    by_verdict: bool


def disagreements(session: Session, space: Space) -> list[Disagreement]:
    """Return the threads of a space in which two people disagree, verdicts first. The right was asked before."""
    pairs = _by_verdict(session, space)
    pairs += [row for row in _by_turns(session, space) if row[0] not in {id for id, *_ in pairs}]
    pairs = pairs[:MOST]
    threads = {thread.id: thread for thread in session.scalars(select(Thread).where(Thread.id.in_([id for id, *_ in pairs])))}
    lines = listed(session, [threads[id] for id, *_ in pairs])
    return [Disagreement(line, *found) for line, (_, *found) in zip(lines, pairs, strict=True)]


def _by_verdict(session: Session, space: Space) -> list[tuple[str, str, str, bool]]:
    yes, no = aliased(ThreadCheck), aliased(ThreadCheck)
    holds, denies = aliased(Person), aliased(Person)
    rows = session.execute(
        select(Thread.id, holds.name, denies.name)
        .join(yes, yes.thread_id == Thread.id)
        .join(no, (no.thread_id == Thread.id) & (no.words == yes.words) & (no.person_id != yes.person_id))
        .join(holds, holds.id == yes.person_id)
        .join(denies, denies.id == no.person_id)
        .where(
            Thread.space_id == space.id, shown(), is_open(), yes.verdict == "still_true", no.verdict != "still_true",
            yes.settles.is_(False), no.settles.is_(False),
        )
        .order_by(Thread.touched_at.desc())
        .limit(4 * MOST)
    )
    return list({id: (id, one, other, True) for id, one, other in reversed(rows.all())}.values())[::-1]


def _by_turns(session: Session, space: Space) -> list[tuple[str, str, str, bool]]:
    # Four posts, each an answer to the one before, by two people in turn.
    last, third, second, first = (aliased(Post) for _ in range(4))
    one, other = aliased(Person), aliased(Person)
    since = clock.now() - RECENT
    rows = session.execute(
        select(Thread.id, one.name, other.name)
        .join(last, last.thread_id == Thread.id)
        .join(third, third.id == last.parent_id)
        .join(second, second.id == third.parent_id)
        .join(first, first.id == second.parent_id)
        .join(one, one.id == first.author_id)
        .join(other, other.id == second.author_id)
        .where(
            Thread.space_id == space.id, Thread.touched_at > since, Thread.accepted_post_id.is_(None), shown(), is_open(),
            last.created_at > since, last.author_id == second.author_id, third.author_id == first.author_id,
            first.author_id != second.author_id,
        )
        .order_by(Thread.touched_at.desc())
        .limit(4 * MOST)
    )
    return list({id: (id, one, other, False) for id, one, other in reversed(rows.all())}.values())[::-1]
