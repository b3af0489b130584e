"""What the rule's pages ask about upkeep, answered: see `wiki.upkeep.Upkeep`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from core.periods import period
from regulations.amended import AmendedClause, amended_clauses
from reviews.due import Begun, Due, amended_since, begun, due, material_in, of_version, publications
from reviews.dues import dues
from reviews.models import Review
from reviews.reviewing import Said, last_still_right
from wiki.facts import Facts
from wiki.models import Procedure
from wiki.procedures import Found
from wiki.repository import Library
from wiki.standing import Standing


@dataclass(frozen=True)
class Kept:
    """How a procedure is kept fresh. `since` is None, and so is all the rest, where nothing is in force."""

    review_every: str = ""
    since: Begun | None = None
    due: Due | None = None
    last: Said | None = None
    amended: Sequence[AmendedClause] = ()       # since, the earliest first

    @property
    def is_unreadable(self) -> bool:
        """Whether the text says how often it is reviewed in words that give no period."""
        return bool(self.review_every) and period(self.review_every) is None


class Reviews:
    """Who keeps the rule fresh."""

    def __init__(self, library: Library):
        self._library = library

    def kept(self, session: Session, found: Found, standing: Standing, facts: Facts | None) -> Kept:
        """Return how a procedure is kept fresh; `facts` are those of the version that speaks for it."""
        if standing.in_force is None or facts is None:
            return Kept()
        last = last_still_right(session, select(Procedure.id).where(Procedure.id == found.procedure.id)).get(found.procedure.id)
        since = begun(of_version(standing.in_force), material_in(standing), last.review if last else None)
        amended = amended_clauses(session, [found.space]).of(found.space, facts.regulations)
        if amended:
            amended = amended_since(amended, since, publications(session, {since.commit} - {""}))
        return Kept(facts.review_every, since, due(facts.review_every, since, standing.day, amended), last, amended)

    def overdue(self, session: Session, space: Space, codes: Collection[str]) -> dict[str, Due]:
        """Return, by code, when the review of each procedure that is overdue was due."""
        found = dues(session, self._library, [space], codes=codes)
        return {one.speaking.code: one.due for one in found if one.due and one.due.is_overdue}

    def begun(self, session: Session, actor: Actor, found: Found, review_id: str) -> str:
        """Return the note of a review that the actor wrote of this procedure, and that is not *still right*."""
        review = session.get(Review, review_id) if review_id else None
        own = review is not None and review.person_id == actor.id and review.procedure_id == found.procedure.id
        return review.note if own and review.verdict != "still_right" else ""
