"""Bringing a list of clauses into a register, all of it or nothing; and taking the register out as a list."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import require, require_open
from core import journal
from core.errors import Invalid, N_
from core.tables import csv_of
from regulations import clauses, tables, texts
from regulations.coverage import Coverage, Covered
from regulations.models import Clause, Regulation
from regulations.naming import Label, label_of
from regulations.tables import Line
from regulations.texts import TextFacts

_HEAD = (*tables.COLUMNS, "amended", "amendment", "procedures")


@dataclass
class Brought:
    """What a list brought: how many texts and clauses are new, how many have other words, how many lines there were."""

    lines: int = 0
    new_texts: int = 0
    changed_texts: int = 0
    new_clauses: int = 0
    changed_clauses: int = 0

    @property
    def is_anything(self) -> bool:
        """Whether the register is other than it was."""
        return bool(self.new_texts or self.changed_texts or self.new_clauses or self.changed_clauses)


def bring(session: Session, by: Actor | None, space: Space, written: str) -> Brought:
    """Bring a list into a space's register: what is new is added, what has other words is changed, nothing is taken out.

    A cell left empty changes nothing. `by` None is the command line.

    Raises: NotFound, Unauthenticated or Denied if the actor may not; Invalid with the number of the first line that
    cannot be taken, and then nothing is brought.
    """
    if by is not None:
        require(by, Permission.KEEP_REGISTER, space)
    require_open(space)
    lines = tables.read(written)
    chain = journal.lock(session, space.id)
    person = by.id if by else None
    bringing = _Bringing(session, person, space)
    for line in lines:
        _taken(bringing, line)
    if bringing.brought.is_anything:
        session.flush()
        journal.add(session, chain, actor=person, act="bring_register", object=f"space:{space.id}", content=written)
    return bringing.brought


def taken_out(texts_held: list[Regulation], coverage: Coverage) -> str:
    """Return a register as CSV: a line per clause, and one for a text without any."""
    rows = []
    for text in texts_held:
        head = (text.title, text.short)
        tail = (text.source, text.dated, text.next_check)
        found = coverage.of(text)
        rows += [(*head, one.clause.label, one.clause.wording, *tail, *_about(one)) for one in found] or [(*head, "", "", *tail, "", "", "")]
    return csv_of(_HEAD, rows)


def _about(covered: Covered) -> tuple[object, str, str]:
    answers = ", ".join(f"{one.code} ({one.version})" for one in covered.answers)
    amended = covered.amended.amendment if covered.amended else None
    return (amended.day, amended.note, answers) if amended else ("", "", answers)


def _taken(bringing: "_Bringing", line: Line) -> None:
    try:
        bringing.take(line)
    except Invalid as problem:
        if problem.field == "csv":
            raise
        sentence = N_("Line %(line)s cannot be taken: look at its %(column)s.")
        raise Invalid(sentence, field="csv", line=line.number, column=_COLUMN_OF.get(problem.field, problem.field)) from problem


_COLUMN_OF = {"title": "text", "label": "clause", "dated": "date"}


class _Bringing:
    """One run over the lines of a list, with what the register held before and what the lines so far made."""

    def __init__(self, session: Session, person: str | None, space: Space):
        self.brought = Brought()
        self._session, self._person, self._space = session, person, space
        self._texts = {label_of(one.title, ()): one for one in texts.every(session, space)}
        self._clauses: dict[str, dict[Label, Clause]] = {}

    def take(self, line: Line) -> None:
        """Take one line. Raises: Invalid with the field."""
        self.brought.lines += 1
        text = self._text(line)
        if line.clause:
            self._clause(text, line)

    def _text(self, line: Line) -> Regulation:
        facts = TextFacts(line.text, line.short, line.source, line.date, line.next_check).checked()
        key = label_of(facts.title, ())
        known = self._texts.get(key)
        if known is None:
            known = self._texts[key] = texts.begun(self._space, self._person)
            texts.write(known, facts)
            self._session.add(known)
            self._session.flush()
            self.brought.new_texts += 1
        else:
            self.brought.changed_texts += texts.write(known, _completed(facts, known))
        return known

    def _clause(self, text: Regulation, line: Line) -> None:
        label, wording = clauses.clean(line.clause, line.wording)
        held = self._held(text)
        known = held.get(label_of(label))
        if known is None:
            known = held[label_of(label)] = clauses.begun(text, len(held) + 1)
            clauses.write(known, label, wording)
            self._session.add(known)
            self.brought.new_clauses += 1
        else:
            self.brought.changed_clauses += clauses.write(known, known.label, wording or known.wording)

    def _held(self, text: Regulation) -> dict[Label, Clause]:
        if text.id not in self._clauses:
            self._clauses[text.id] = {label_of(one.label): one for one in clauses.every(self._session, text)}
        return self._clauses[text.id]


def _completed(facts: TextFacts, known: Regulation) -> TextFacts:
    """Return facts in which what a line leaves empty is what the register says."""
    return TextFacts(
        title=known.title, short=facts.short or known.short, source=facts.source or known.source,
        dated=facts.dated or known.dated, next_check=facts.next_check or known.next_check,
    )
