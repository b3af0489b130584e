"""The amended clauses that a procedure answers: what makes it due for review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Space
from regulations.coverage import held, register_of
from regulations.models import Amendment, Clause, Regulation
from regulations.naming import Register


@dataclass(frozen=True)
class AmendedClause:
    """A clause that somebody said was amended on a day; `sequence` is that of the act in its space's chain."""

    clause_id: str
    label: str
    title: str
    regulation_id: str
    note: str
    day: date
    sequence: int


@dataclass(frozen=True)
class AmendedClauses:
    """Every amendment of some spaces, and the registers by which procedures name them."""

    by_space: dict[str, dict[str, list[AmendedClause]]]
    registers: dict[str, Register]

    def of(self, space: Space, regulations: Sequence[str]) -> list[AmendedClause]:
        """Return the amendments of the clauses that these words of a procedure name, the earliest first."""
        amended = self.by_space.get(space.id)
        if not amended:
            return []
        named = {id for words in regulations for id in self.registers[space.id].named(words).clauses}
        return sorted((one for id in named for one in amended.get(id, ())), key=lambda one: one.sequence)


def amended_clauses(session: Session, spaces: Sequence[Space]) -> AmendedClauses:
    """Return the amendments of these spaces' clauses; one statement where nothing was amended, three where something was."""
    rows = session.execute(
        select(Amendment, Clause.label, Regulation.id, Regulation.title, Regulation.space_id)
        .join(Clause, Clause.id == Amendment.clause_id)
        .join(Regulation, Regulation.id == Clause.regulation_id)
        .where(
            Regulation.space_id.in_([space.id for space in spaces]), Regulation.dropped_at.is_(None), Clause.dropped_at.is_(None)
        )
    )
    by_space: dict[str, dict[str, list[AmendedClause]]] = {}
    for amendment, label, regulation_id, title, space_id in rows:
        told = AmendedClause(
            amendment.clause_id, label, title, regulation_id, amendment.note, amendment.day, amendment.sequence
        )
        by_space.setdefault(space_id, {}).setdefault(told.clause_id, []).append(told)
    return AmendedClauses(by_space, _registers(session, [space for space in spaces if space.id in by_space]))


def _registers(session: Session, spaces: Sequence[Space]) -> dict[str, Register]:
    if not spaces:
        return {}
    texts, clauses = held(session, spaces)
    found = {}
    for space in spaces:
        own = [text for text in texts if text.space_id == space.id]
        ids = {text.id for text in own}
        found[space.id] = register_of(own, [clause for clause in clauses if clause.regulation_id in ids])
    return found
