"""Who does what as rows, kept up by a follower of the journal: what a version asks is read once and never changes.

The rows can be deleted together with the follower's cursor at any time: they are read again from the beginning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, delete, insert, or_, select
from sqlalchemy.orm import Session

from accounts.models import Space
from advice.duties import Duty as Read
from advice.duties import duties_of
from core.database import Database
from core.followers import Follower
from core.journal import Act
from wiki.frontmatter import lines_before
from wiki.models import Duty, Procedure, Version
from wiki.repository import Library

NAME = "duties"
_AT_ONCE = 200


def read(text: str) -> tuple[Read, ...]:
    """Return what a whole file asks of whom."""
    return duties_of(text, lines_before(text))


@dataclass(frozen=True)
class Duties:
    """The follower that reads each version's text when it is published or imported."""

    database: Database
    library: Library

    def follower(self) -> Follower:
        """Return it as the loop wants it."""
        return Follower(NAME, self.follow)

    def follow(self, session: Session, acts: Sequence[Act]) -> None:
        """Read the versions that these acts published; the same acts again write the same rows again."""
        waiting = list(_published(session, acts))
        for start in range(0, len(waiting), _AT_ONCE):
            self._write(waiting[start : start + _AT_ONCE])

    def _write(self, versions: Sequence[tuple[Version, Space]]) -> None:
        # Read before the transaction begins: nobody who writes waits for our reading.
        rows = [row for version, space in versions for row in self._rows(version, space)]
        own = [and_(Duty.procedure_id == version.procedure_id, Duty.number == version.number) for version, _ in versions]
        with self.database.transaction() as session:
            session.execute(delete(Duty).where(or_(*own)))
            if rows:
                session.execute(insert(Duty), rows)

    def _rows(self, version: Version, space: Space) -> Iterator[dict]:
        for duty in read(self.library.repository(space.slug).text(version.blob)):
            yield {
                "space_id": space.id, "procedure_id": version.procedure_id, "number": version.number, "position": duty.position,
                "role": duty.role, "slug": duty.slug, "task": duty.task, "delay": duty.delay,
            }


def _published(session: Session, acts: Sequence[Act]) -> Iterator[tuple[Version, Space]]:
    """Yield the versions with a text that the acts published, with their spaces."""
    commits = {act.object.removeprefix("commit:"): act.chain for act in acts if act.act == "publish"}
    if not commits:
        return
    rows = _with_spaces().where(or_(Version.commit.in_(commits), Version.cancelled_by.in_(commits)))
    named: set[str | None] = set()
    for version, space in session.execute(rows):
        named |= {version.commit, version.cancelled_by}
        if version.commit in commits and version.blob:
            yield version, space
    # The commit of an import makes no version of its own: it vouches for all before it.
    imports = {chain for commit, chain in commits.items() if commit not in named}
    if imports:
        yield from session.execute(_with_spaces().where(Space.id.in_(imports), Version.imported, Version.blob.is_not(None)))


def _with_spaces():
    return (
        select(Version, Space)
        .join(Procedure, Procedure.id == Version.procedure_id)
        .join(Space, Space.id == Procedure.space_id)
        .order_by(Version.id)
    )
