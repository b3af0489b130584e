"""What search finds of the rule: one document per text that holds today or later, over the days it holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from accounts.models import Space
from core import clock
from core.journal import Act
from search.engine import Document, Hit
from wiki.markdown import plain
from wiki.models import Procedure, Version
from wiki.repository import Library
from wiki.standing import Standing, standing

KINDS = ("procedure",)
_PREFIX = "procedure:"
# What says how a procedure stands and names it, as plain rows: whole versions would cost more than the search.
_SHOWN = (
    select(
        Procedure.code, Procedure.space_id, Version.number, Version.title, Version.language, Version.blob, Version.in_force_from,
        Version.cancelled_by,
    )
    .join(Version, Version.procedure_id == Procedure.id)
    .where(Procedure.code.in_(bindparam("codes", expanding=True)), Procedure.space_id.in_(bindparam("spaces", expanding=True)))
)


@dataclass(frozen=True)
class ShownProcedure:
    """A found procedure as the results page and the API show it."""

    hit: Hit
    title: str
    url: str
    space: Space
    code: str
    state: str
    version: Row        # of `_SHOWN`
    standing: Standing


@dataclass(frozen=True)
class ProcedureSource:
    """The source of documents of procedures."""

    library: Library
    kinds: tuple[str, ...] = KINDS

    def touched(self, session: Session, acts: Sequence[Act]) -> set[str]:
        """Return the owners whose documents the acts made stale."""
        commits = {act.object.removeprefix("commit:"): act.chain for act in acts if act.act == "publish"}
        if not commits:
            return set()
        rows = session.execute(
            select(Procedure.code, Version.commit, Version.cancelled_by)
            .join(Version, Version.procedure_id == Procedure.id)
            .where(Version.commit.in_(commits) | Version.cancelled_by.in_(commits))
        ).all()
        named = {row.commit for row in rows} | {row.cancelled_by for row in rows}
        imports = {chain for commit, chain in commits.items() if commit not in named}
        return {_PREFIX + code for code in (*(row.code for row in rows), *self._imported(session, imports))}

    def owners(self, session: Session) -> Iterable[str]:
        """Return every owner there is."""
        return [_PREFIX + code for code in session.scalars(select(Procedure.code))]

    def documents(self, session: Session, owners: Iterable[str]) -> list[Document]:
        """Return the documents of these owners as things stand."""
        codes = [owner.removeprefix(_PREFIX) for owner in owners]
        found = []
        for procedure, space in session.execute(
            select(Procedure, Space).join(Space, Space.id == Procedure.space_id).where(Procedure.code.in_(codes))
        ):
            versions = session.scalars(select(Version).where(Version.procedure_id == procedure.id)).all()
            found += self._documents(space, procedure, standing(versions, clock.today(self.library.zone)))
        return found

    def present(self, session: Session, spaces: Mapping[str, Space], hits: Sequence[Hit], day: date) -> dict[str, ShownProcedure]:
        """Return what to show per hit key; hits that SQL does not place in one of these spaces are left out."""
        versions: dict[str, list[Row]] = {}
        for row in session.execute(_SHOWN, {"codes": [hit.code for hit in hits], "spaces": list(spaces)}):
            versions.setdefault(row.code, []).append(row)
        return {hit.key: _shown(hit, spaces, standing(versions[hit.code], day)) for hit in hits if hit.code in versions}

    def _imported(self, session: Session, spaces: set[str]) -> Iterable[str]:
        # The commit of an import makes no version of its own: it vouches for all before it.
        if not spaces:
            return ()
        brought = select(Version.procedure_id).where(Version.imported)
        return session.scalars(select(Procedure.code).where(Procedure.space_id.in_(spaces), Procedure.id.in_(brought)))

    def _documents(self, space: Space, procedure: Procedure, standing: Standing) -> Iterable[Document]:
        repository = self.library.repository(space.slug)
        held = [v for v in (standing.in_force, *standing.scheduled) if v is not None and v.blob]
        for version in held:
            before_all = standing.current is None and version is held[0]
            yield Document(
                key=f"{_PREFIX}{procedure.code}:{version.number}",
                owner=_PREFIX + procedure.code,
                kind="procedure",
                space=space.id,
                language=version.language,
                title=version.title,
                body=plain(repository.text(version.blob)),
                code=procedure.code,
                at=version.approved_at or version.published_at,
                from_day=None if before_all else version.in_force_from,
                until_day=standing.until(version),
            )


def _shown(hit: Hit, spaces: Mapping[str, Space], standing: Standing) -> ShownProcedure:
    version = standing.shown
    return ShownProcedure(
        hit=hit, title=version.title, url=f"/procedures/{version.code}", space=spaces[version.space_id], code=version.code,
        state=standing.state, version=version, standing=standing,
    )
