"""Saying that a procedure is still right, needs a change, or should be retired; and what was said so far."""

from dataclasses import dataclass

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person
from accounts.permissions import Permission
from accounts.policy import require
from core import clock, journal, text
from core.database import new_id
from core.errors import Conflict, Invalid, N_
from reviews.models import VERDICTS, Review
from wiki import procedures
from wiki.models import Procedure
from wiki.procedures import Found
from wiki.repository import Library
from wiki.standing import Standing

LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Said:
    """A review and who said it."""

    review: Review
    name: str


def reviewable(session: Session, actor: Actor, code: str) -> Found:
    """Return a procedure whose reviews the actor may see: authors, approvers and auditors do.

    Raises: NotFound; Unauthenticated or Denied with the reason.
    """
    found = procedures.readable(session, actor, code)
    require(actor, Permission.SEE_CHANGES, found.space)
    return found


def review(session: Session, library: Library, actor: Actor, code: str, *, version: int, verdict: str, note: str = "") -> Review:
    """Record what the actor says of the version in force; the same said again on the same day changes nothing.

    `version` is the one they were shown.

    Raises: NotFound, Unauthenticated or Denied if they may not; Invalid with the field; Conflict with the present
    version if another holds by now, or none, and where its end is set already.
    """
    found = procedures.readable(session, actor, code)
    require(actor, Permission.REVIEW, found.space)
    if verdict not in VERDICTS:
        raise Invalid(N_("Say whether it is still right, needs a change, or should be retired."), field="verdict")
    note = text.block(note, field="note", limit=LONGEST_NOTE, required=False).strip()
    chain = journal.lock(session, found.space.id)
    standing = procedures.standing_of(session, found.procedure, library)
    _check_unmoved(standing, version)
    if verdict not in sayable(standing):
        raise Conflict(N_("It is retired soon, so nothing else can be said of it than that it is still right until then."), field="verdict")
    today = clock.today(library.zone)
    said = Review(
        id=new_id(), procedure_id=found.procedure.id, version=version, verdict=verdict, note=note, person_id=actor.id, day=today,
        at=clock.now(),
    )
    earlier = _last_of(session, actor, found.procedure)
    if earlier is not None and _repeats(said, earlier):
        return earlier
    about = f"{found.procedure.code} {version} {verdict}"
    act = journal.add(session, chain, actor=actor.id, act="review", object=f"review:{said.id}", reason=note or None, content=about)
    said.sequence = act.sequence
    session.add(said)
    session.flush()
    return said


def sayable(standing: Standing) -> tuple[str, ...]:
    """Return what can be said of a procedure: where its end is set, there is nothing left to change or to retire."""
    return VERDICTS if standing.latest is not None and standing.latest.blob else ("still_right",)


def history(session: Session, procedure: Procedure, *, page: int = 1, page_size: int = 50) -> tuple[list[Said], int]:
    """Return a page of what was said of a procedure, the newest first, and how many reviews there are."""
    rows = select(Review, Person.name).join(Person, Person.id == Review.person_id).where(Review.procedure_id == procedure.id)
    total = session.scalar(select(func.count()).select_from(Review).where(Review.procedure_id == procedure.id))
    newest = rows.order_by(Review.sequence.desc()).limit(page_size).offset((page - 1) * page_size)
    return [Said(*row) for row in session.execute(newest)], total


def last_still_right(session: Session, ids: Select) -> dict[int, Said]:
    """Return the last time that somebody found each of these procedures still right, by the procedure's id."""
    last = (
        select(Review.procedure_id, func.max(Review.sequence).label("sequence"))
        .where(Review.procedure_id.in_(ids), Review.verdict == "still_right")
        .group_by(Review.procedure_id)
        .subquery()
    )
    same = and_(last.c.procedure_id == Review.procedure_id, last.c.sequence == Review.sequence)
    rows = session.execute(select(Review, Person.name).join(last, same).join(Person, Person.id == Review.person_id))
    return {said.procedure_id: Said(said, name) for said, name in rows}


def _check_unmoved(standing: Standing, version: int) -> None:
    if standing.in_force is None:
        raise Conflict(N_("Nothing is in force under this code, so there is nothing to review."), present={"version": None})
    present = standing.in_force.number
    if present != version:
        sentence = N_("Version %(number)s is in force by now. Look at it, then say it again.")
        raise Conflict(sentence, field="version", present={"version": present}, number=present)


def _last_of(session: Session, actor: Actor, procedure: Procedure) -> Review | None:
    own = select(Review).where(Review.procedure_id == procedure.id, Review.person_id == actor.id)
    return session.scalar(own.order_by(Review.sequence.desc()).limit(1))


def _repeats(said: Review, earlier: Review) -> bool:
    same = (said.version, said.verdict, said.day) == (earlier.version, earlier.verdict, earlier.day)
    return same and said.note in ("", earlier.note)
