"""Which procedures answer each clause, with their versions; and what procedures name that is in no register."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person, Space
from core import clock
from regulations.clauses import Amended
from regulations.models import Amendment, Clause, Regulation
from regulations.naming import Register
from wiki.repository import Library
from wiki.speaking import Speaking, speaking


@dataclass
class Covered:
    """A clause, the procedures that answer it, and the last time it was amended."""

    clause: Clause
    answers: list[Speaking] = field(default_factory=list)
    amended: Amended | None = None


@dataclass(frozen=True)
class Unknown:
    """Words by which a procedure names something that is not in the register."""

    speaking: Speaking
    words: str


@dataclass(frozen=True)
class Coverage:
    """The register of a space beside its procedures: the clauses by text, and what is named but not there."""

    texts: dict[str, list[Covered]]
    unknown: list[Unknown]

    def of(self, regulation: Regulation) -> list[Covered]:
        """Return the clauses of a text."""
        return self.texts.get(regulation.id, [])

    def holes(self, regulation: Regulation) -> int:
        """Return how many clauses of a text no procedure answers."""
        return sum(not one.answers for one in self.of(regulation))


def coverage(session: Session, library: Library, space: Space) -> Coverage:
    """Return who answers what in a space today, in a constant number of statements. The right to it was asked before.

    The version that speaks for a procedure answers: in force, or waiting where nothing is in force yet. One that was
    retired answers nothing.
    """
    texts, clauses = held(session, [space])
    covered = {clause.id: Covered(clause) for clause in clauses}
    for clause_id, amended in _last_amended(session, clauses).items():
        covered[clause_id].amended = amended
    register, unknown = register_of(texts, clauses), []
    for one in speaking(session, library, [space], clock.today(library.zone)):
        found = [register.named(words) for words in one.regulations]
        unknown += [Unknown(one, words) for named in found for words in named.unknown]
        for clause_id in dict.fromkeys(id for named in found for id in named.clauses):
            covered[clause_id].answers.append(one)
    by_text: dict[str, list[Covered]] = {}
    for clause in clauses:
        by_text.setdefault(clause.regulation_id, []).append(covered[clause.id])
    return Coverage(by_text, unknown)


def held(session: Session, spaces: Sequence[Space]) -> tuple[list[Regulation], list[Clause]]:
    """Return the texts and the clauses of these spaces' registers, in their order."""
    ids = [space.id for space in spaces]
    texts = session.scalars(select(Regulation).where(Regulation.space_id.in_(ids), Regulation.dropped_at.is_(None)))
    clauses = session.scalars(
        select(Clause)
        .join(Regulation, Regulation.id == Clause.regulation_id)
        .where(Regulation.space_id.in_(ids), Regulation.dropped_at.is_(None), Clause.dropped_at.is_(None))
        .order_by(Clause.regulation_id, Clause.position)
    )
    return list(texts), list(clauses)


def register_of(texts: Iterable[Regulation], clauses: Iterable[Clause]) -> Register:
    """Return the names of these texts and clauses, ready to be found in words. They are of one space."""
    register = Register()
    for text in sorted(texts, key=lambda one: (one.title, one.id)):
        register.add_text(text.id, text.title, text.short)
    for clause in clauses:
        register.add_clause(clause.regulation_id, clause.id, clause.label)
    return register


def _last_amended(session: Session, clauses: Sequence[Clause]) -> dict[str, Amended]:
    regulations = list({clause.regulation_id for clause in clauses})
    rows = session.execute(
        select(Amendment, Person.name)
        .join(Person, Person.id == Amendment.person_id)
        .join(Clause, Clause.id == Amendment.clause_id)
        .where(Clause.regulation_id.in_(regulations), Clause.dropped_at.is_(None))
        .order_by(Amendment.sequence)
    )
    return {amendment.clause_id: Amended(amendment, name) for amendment, name in rows}
