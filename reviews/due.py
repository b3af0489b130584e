"""When a procedure is due for review: computed from its text, its versions and its reviews, so that no job makes it true.

The time runs from the last *still right*, or from a material version that took force after it. Where nobody has reviewed
yet, it runs from the day the version in force took force. A clause that the procedure answers and that was amended since
makes it due on the day that was said.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.journal import Act
from core.periods import period
from regulations.amended import AmendedClause
from reviews.models import Review
from wiki.models import Version
from wiki.standing import Standing

_PUBLICATION = "commit:"


@dataclass(frozen=True)
class Begun:
    """When the time until the next review began to run: with a review, or with the version that a commit published."""

    day: date
    at: datetime
    commit: str = ""
    review: Review | None = None


@dataclass(frozen=True)
class Due:
    """The day by which a review is due, looked at on `today`; `amended` is the clause that brought it forward, if one did."""

    day: date
    today: date
    amended: AmendedClause | None = None

    @property
    def is_overdue(self) -> bool:
        """Whether the day has passed; on the day itself there is still time."""
        return self.day < self.today


def begun(in_force: Begun, material: Begun | None, still_right: Review | None) -> Begun:
    """Return when the time began to run: see the head of this module.

    `material` is the last material version that has taken force, if any.
    """
    if still_right is None:
        return in_force
    said = Begun(still_right.day, still_right.at, review=still_right)
    return max(said, material, key=lambda one: (one.day, one.at)) if material else said


def due(review_every: str, since: Begun, today: date, amended: Sequence[AmendedClause] = ()) -> Due | None:
    """Return when a review is due; None where the text gives no period that can be read and no clause was amended.

    `amended` are the clauses amended since, the earliest first.
    """
    every = period(review_every)
    counted = Due(every.after(since.day), today) if every else None
    if amended and (counted is None or amended[0].day < counted.day):
        return Due(amended[0].day, today, amended[0])
    return counted


def amended_since(amended: Sequence[AmendedClause], since: Begun, published: Mapping[str, int]) -> list[AmendedClause]:
    """Return the amendments that no review and no version has seen yet. `published` is what `publications` returned."""
    seen = since.review.sequence if since.review else published.get(since.commit, 0)
    return [one for one in amended if one.sequence > seen]


def publications(session: Session, commits: Collection[str]) -> dict[str, int]:
    """Return the sequence of the act that published each commit: what came before and after is told by it, not by clocks."""
    if not commits:
        return {}
    objects = [_PUBLICATION + commit for commit in commits]
    rows = session.execute(select(Act.object, Act.sequence).where(Act.object.in_(objects), Act.act == "publish"))
    return {object.removeprefix(_PUBLICATION): sequence for object, sequence in rows}


def of_version(version: Version) -> Begun:
    """Return a version as a beginning."""
    return Begun(version.in_force_from, version.published_at, version.commit)


def material_in(standing: Standing) -> Begun | None:
    """Return the last material version of a procedure that has taken force, as a beginning."""
    held = (v for v in standing.versions if standing.state_of(v) in ("in_force", "superseded"))
    return next((of_version(v) for v in held if v.kind == "material" and v.blob), None)
