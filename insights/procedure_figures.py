"""What the exchanges on one procedure teach: which of its passages are asked about, and since which version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.permissions import Permission
from accounts.policy import require
from core import clock
from discussions.models import Thread
from discussions.placing import Placement, gathered, placements
from discussions.shown import shown
from insights.months import Month, firsts, hours, months, share
from insights.space_figures import marks_since, talks_since
from wiki import procedures
from wiki.models import Procedure
from wiki.procedures import Found
from wiki.repository import Library
from wiki.standing import Standing

_LOOKED_AT = 500        # threads, the last spoken in


@dataclass(frozen=True)
class Passage:
    """Words of the rule with what was said about them; `since` counts from the day the version in force took force."""

    words: str
    questions: int
    since: int
    gaps: int
    tips: int
    stale: int


@dataclass(frozen=True)
class ProcedureFigures:
    """A procedure in figures."""

    found: Found
    standing: Standing
    months: Sequence[Month]
    passages: Sequence[Passage]         # the most asked about since the version in force first
    elsewhere: int                      # threads about no passage, or about words that are gone
    median_h: float | None
    ninetieth_h: float | None


def of_procedure(session: Session, library: Library, actor: Actor, code: str) -> ProcedureFigures:
    """Return the figures of a procedure. Raises: NotFound, Unauthenticated or Denied as `require`."""
    found = procedures.readable(session, actor, code)
    require(actor, Permission.SEE_INSIGHTS, found.space)
    today, zone = clock.today(library.zone), library.zone
    start = datetime.combine(firsts(today)[0], datetime.min.time(), zone)
    talks = talks_since(session, Thread.procedure_id == found.procedure.id, start)
    standing = procedures.standing_of(session, found.procedure, library)
    passages, elsewhere = _passages(session, library, found, standing)
    waited = hours(talks)
    return ProcedureFigures(
        found=found, standing=standing,
        months=months(today, zone, talks, [], marks_since(session, Procedure.id == found.procedure.id, start)),
        passages=passages, elsewhere=elsewhere, median_h=share(waited, 0.5), ninetieth_h=share(waited, 0.9),
    )


def _passages(session: Session, library: Library, found: Found, standing: Standing) -> tuple[list[Passage], int]:
    rows = select(Thread).where(Thread.procedure_id == found.procedure.id, shown()).order_by(Thread.touched_at.desc(), Thread.id)
    threads = list(session.scalars(rows.limit(_LOOKED_AT)))
    placed = placements(session, library, threads)
    begun = standing.in_force.in_force_from if standing.in_force else None
    since = datetime.combine(begun, datetime.min.time(), library.zone) if begun else None
    groups = gathered(threads, placed)
    passages = [_passage(group, placed, since) for group in groups]
    return sorted(passages, key=lambda one: (-one.since, -one.gaps, -one.questions)), len(threads) - sum(map(len, groups))


def _passage(group: Sequence[Thread], placed: dict[str, Placement], since: datetime | None) -> Passage:
    def many(kind: str) -> int:
        return sum(thread.kind == kind for thread in group)

    return Passage(
        words=" ".join(placed[group[0].id].words.split()), questions=many("question"),
        since=sum(thread.kind == "question" and since is not None and thread.opened_at >= since for thread in group),
        gaps=sum(thread.kind == "gap" and thread.state == "open" for thread in group), tips=many("tip"),
        stale=sum(placed[thread.id].needs_check for thread in group),
    )
