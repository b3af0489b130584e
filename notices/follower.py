"""The follower of the journal that tells people: what an act tells is worked out after commit, so that nobody who writes
waits for it, and written down once per person and act, so that acts handled twice tell nothing twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.database import Database
from core.followers import Follower
from core.journal import Act
from notices import of_practice, of_rights, of_rule
from notices.told import Told, write
from wiki.repository import Library

NAME = "notices"
_AT_ONCE = 20           # acts in one step: each may tell ten thousand people, and the index is not to wait for all


@dataclass(frozen=True)
class Notices:
    """Who tells people. `mails` says whether the site sends mail: what is not to go by mail never waits for it."""

    database: Database
    library: Library
    mails: bool

    def follower(self) -> Follower:
        """Return it as the loop wants it."""
        return Follower(NAME, self.follow, at_once=_AT_ONCE)

    def follow(self, _session: Session, acts: Sequence[Act]) -> None:
        """Tell what these acts tell, one after the other, each seeing what the one before made people follow."""
        for act in acts:
            if act.act in (*of_practice.ACTS, *of_rule.ACTS, *of_rights.ACTS):
                self._tell(act)

    def _tell(self, act: Act) -> None:
        if act.act in (*of_practice.SPOKEN, "publish"):
            with self.database.transaction() as session:
                of_practice.take_part(session, act)
                of_rule.take_part(session, act)
        with self.database.reading() as session:
            told = list(self._told_by(session, act))
        for one in told:
            write(self.database, one, zone=self.library.zone, mails=self.mails)

    def _told_by(self, session: Session, act: Act) -> Iterator[Told]:
        if act.act in of_practice.ACTS:
            yield from of_practice.told_by(session, act)
        elif act.act in of_rule.ACTS:
            yield from of_rule.told_by(session, self.library, act)
        else:
            yield from of_rights.told_by(session, self.library, act)
