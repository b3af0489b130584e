"""Gaps as the owner's side keeps them: a cause, an answer, an action and a day to close it by, each named and dated;
those that are open, and those that came to an end."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Select, func, not_, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person, Space
from accounts.policy import is_owner, may_answer_gap, readable_spaces, require_answer_gap
from core import clock, journal
from core.errors import Conflict, Invalid, N_, NotFound
from core.text import block
from discussions.care import PARTS, GapStep
from discussions.lists import Listed, is_open, listed
from discussions.models import Thread
from discussions.shown import shown
from discussions.threads import Place, check_unlocked, locked
from discussions.voices import names_of
from wiki.models import Procedure
from wiki.repository import Library
from wiki.speaking import speaking

LONGEST = 2_000
_MOST = 500             # open gaps of a space that are listed at once
_OF_MINE = 100          # open gaps in which a person's own are looked for


@dataclass(frozen=True)
class Said:
    """What was said last of one part of a gap, by whom and when, and how many times before."""

    words: str
    day: date | None
    name: str
    person_id: str
    at: datetime
    before: int


@dataclass(frozen=True)
class Gap:
    """A gap with its procedure's owner and what was said of it, by part; when it was closed, or locked, and by whom."""

    thread: Listed
    owner: str
    title: str
    parts: dict[str, Said] = field(default_factory=dict)
    is_overdue: bool = False
    ended_at: datetime | None = None
    ender: str = ""
    was_closed: bool = False        # rather than locked while it was open


def say(session: Session, library: Library, actor: Actor, thread: Thread, part: str, value: str | date | None) -> Thread:
    """Say one part of a gap: words, or for `close_by` a day. Saying the same again changes nothing.

    Raises: NotFound, Unauthenticated or Denied if the actor may not; Invalid with the part as field; Conflict if the
    thread is locked or hidden.
    """
    place, chain = locked(session, actor, thread.id)
    if place.thread.kind != "gap":
        raise Invalid(N_("Only of a gap is this said."), field=part)
    require_answer_gap(actor, place.space, owner_of(session, library, place))
    check_unlocked(place.thread)
    words, day = _given(part, value, clock.today(library.zone), place.thread)
    last = _last(session, [place.thread.id]).get(place.thread.id, {}).get(part)
    if last is not None and (last.words, last.day) == (words, day):
        return place.thread
    session.add(GapStep(thread_id=place.thread.id, part=part, words=words, day=day, person_id=actor.id, at=clock.now()))
    session.flush()
    content = words or day.isoformat()
    journal.add(session, chain, actor=actor.id, act=f"gap_{part}", object=f"thread:{place.thread.id}", content=content)
    return place.thread


def owner_of(session: Session, library: Library, place: Place) -> str:
    """Return the owner line of a thread's procedure, empty where there is none."""
    if place.procedure is None:
        return ""
    found = speaking(session, library, [place.space], clock.today(library.zone), codes=[place.procedure.code])
    return found[0].owner if found else ""


def may_say(session: Session, library: Library, actor: Actor, place: Place) -> bool:
    """Say whether the actor may answer this gap now."""
    if place.thread.kind != "gap" or place.thread.locked_at or place.thread.hidden_at or not actor.is_somebody:
        return False
    return may_answer_gap(actor, place.space, owner_of(session, library, place))


def parts_of(session: Session, thread: Thread) -> dict[str, Said]:
    """Return what was said last of each part of a gap that was found readable."""
    return _last(session, [thread.id]).get(thread.id, {})


def of_space(session: Session, library: Library, space: Space) -> list[Gap]:
    """Return the open gaps of a space that was found readable: those with the nearest day first, then the oldest."""
    rows = _open().where(Thread.space_id == space.id).order_by(Thread.opened_at).limit(_MOST)
    return _nearest_first(_gaps(session, library, list(session.scalars(rows)), [space]))


def ended_in(session: Session, library: Library, space: Space, *, page: int = 1, page_size: int) -> tuple[list[Gap], int]:
    """Return a page of the gaps of a space that were closed or locked, the last one first, and how many there are."""
    ended = (Thread.kind == "gap", Thread.space_id == space.id, not_(is_open()), shown())
    total = session.scalar(select(func.count()).select_from(Thread).where(*ended))
    rows = select(Thread).where(*ended).order_by(func.coalesce(Thread.closed_at, Thread.locked_at).desc(), Thread.id)
    threads = list(session.scalars(rows.limit(page_size).offset((page - 1) * page_size)))
    names = names_of(session, (thread.closed_by or thread.locked_by for thread in threads))
    gaps = zip(threads, _gaps(session, library, threads, [space]), strict=True)
    return [
        replace(
            gap, is_overdue=False, ended_at=thread.closed_at or thread.locked_at, was_closed=thread.closed_at is not None,
            ender=names.get(thread.closed_by or thread.locked_by, ""),
        )
        for thread, gap in gaps
    ], total


def of_owner(session: Session, library: Library, actor: Actor, limit: int = 5) -> list[Gap]:
    """Return the open gaps of the procedures whose owner line names somebody or their team."""
    if not actor.is_somebody:
        return []
    rows = _open().join(Procedure, Procedure.id == Thread.procedure_id).order_by(Thread.opened_at).limit(_OF_MINE)
    threads = list(session.scalars(rows.where(readable_spaces(actor))))
    spaces = session.scalars(select(Space).where(Space.id.in_({thread.space_id for thread in threads}))).all() if threads else []
    return [gap for gap in _nearest_first(_gaps(session, library, threads, spaces)) if is_owner(actor, gap.owner)][:limit]


def _open() -> Select:
    return select(Thread).join(Space, Space.id == Thread.space_id).where(Thread.kind == "gap", is_open(), shown())


def _gaps(session: Session, library: Library, threads: Sequence[Thread], spaces: Collection[Space]) -> list[Gap]:
    if not threads:
        return []
    today = clock.today(library.zone)
    lines = listed(session, threads)
    spoken = {one.code: one for one in speaking(session, library, spaces, today, codes={line.code for line in lines if line.code})}
    parts = _last(session, [thread.id for thread in threads])
    return [_gap(line, spoken.get(line.code), parts.get(line.id, {}), today) for line in lines]


def _nearest_first(gaps: Sequence[Gap]) -> list[Gap]:
    return sorted(gaps, key=lambda gap: (_day(gap) or date.max, gap.thread.opened_at))


def _gap(line: Listed, spoken, parts: dict[str, Said], today: date) -> Gap:
    day = parts["close_by"].day if "close_by" in parts else None
    late = day is not None and day < today
    return Gap(line, spoken.owner if spoken else "", spoken.title if spoken else "", parts, late)


def _day(gap: Gap) -> date | None:
    return gap.parts["close_by"].day if "close_by" in gap.parts else None


def _given(part: str, value: str | date | None, today: date, thread: Thread) -> tuple[str, date | None]:
    if part not in PARTS:
        raise NotFound()
    if part != "close_by":
        return block(value, field=part, limit=LONGEST).strip(), None
    if not isinstance(value, date):
        raise Invalid(N_("Give the day as year-month-day, such as 2026-03-31."), field=part)
    if value < today:
        raise Invalid(N_("This day has passed."), field=part)
    if thread.closed_at is not None:
        raise Conflict(N_("This gap is closed."))
    return "", value


def _last(session: Session, ids: Iterable[str]) -> dict[str, dict[str, Said]]:
    steps = GapStep.thread_id.in_(list(ids))
    newest = (
        select(func.max(GapStep.id).label("id"), (func.count() - 1).label("before"))
        .where(steps).group_by(GapStep.thread_id, GapStep.part).subquery()
    )
    rows = session.execute(
        select(GapStep, Person.name, newest.c.before)
        .join(newest, newest.c.id == GapStep.id)
        .join(Person, Person.id == GapStep.person_id)
    )
    found: dict[str, dict[str, Said]] = {}
    for step, name, before in rows:
        found.setdefault(step.thread_id, {})[step.part] = Said(step.words, step.day, name, step.person_id, step.at, before)
    return found
