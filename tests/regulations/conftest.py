"""The desk of the reviews' tests, with short ways to keep its space's register."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from accounts.models import Space
from regulations import clauses, lists, texts
from regulations.coverage import Coverage, coverage
from regulations.models import Amendment, Clause, Regulation
from regulations.texts import TextFacts
from tests.reviews.conftest import Desk, desk, time, zone   # noqa: F401

CMF = "Code monétaire et financier"


@dataclass
class Shelf:
    """The register of the space `kyc`."""

    desk: Desk

    def text(self, title: str = CMF, who: str | None = None, **facts) -> Regulation:
        """Add a text."""
        return self.desk.world.act(who or self.desk.author, lambda s, library, actor: texts.add(s, actor, self.space(s), TextFacts(title, **facts)))

    def clause(self, text: Regulation, label: str, wording: str = "", who: str | None = None) -> Clause:
        """Add a clause to a text."""
        return self.desk.world.act(who or self.desk.author, lambda s, library, actor: clauses.add(s, actor, text.id, label=label, wording=wording))

    def amend(self, clause: Clause, note: str = "The delay is shorter.", who: str | None = None) -> Amendment:
        """Say that a clause was amended."""
        return self.desk.world.act(who or self.desk.author, clauses.amend, clause.id, note)

    def bring(self, written: str, who: str | None = None) -> lists.Brought:
        """Bring a list."""
        return self.desk.world.act(who or self.desk.author, lambda s, library, actor: lists.bring(s, actor, self.space(s), written))

    def coverage(self) -> Coverage:
        """Return who answers what."""
        with self.desk.world.database.reading() as session:
            return coverage(session, self.desk.world.library, self.space(session))

    def answers(self) -> dict[str, list[tuple[str, int, str]]]:
        """Return, by the label of a clause, the code, version and state of the procedures that answer it."""
        covered = [one for found in self.coverage().texts.values() for one in found]
        return {one.clause.label: [(say.code, say.version, say.state) for say in one.answers] for one in covered}

    def export(self) -> str:
        """Return the register as a list."""
        with self.desk.world.database.reading() as session:
            space = self.space(session)
            return lists.taken_out(texts.listed(session, space), coverage(session, self.desk.world.library, space))

    @staticmethod
    def space(session) -> Space:
        """Return the space."""
        return session.scalar(select(Space).where(Space.slug == "kyc"))


@pytest.fixture
def shelf(desk) -> Shelf:   # noqa: F811
    return Shelf(desk)
