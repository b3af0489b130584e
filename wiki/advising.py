"""The check on texts of a space: what the space knows is brought to `advice`, which knows words only."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from posixpath import basename, dirname, join, normpath
from urllib.parse import unquote

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from accounts.models import Space
from advice.checking import remarks, targets_of
from advice.context import Context
from advice.links import Target
from advice.remarks import Remark
from core import clock
from wiki import procedures
from wiki.facts import facts_of
from wiki.frontmatter import lines_before
from wiki.models import Change, ChangeText, Procedure, Version
from wiki.repository import Library
from wiki.roles import Known, known_in

_AT_ONCE = 200


@dataclass(frozen=True)
class Checked:
    """A text to be checked; `code` is '' where it has none yet."""

    code: str
    markdown: str


def remarks_on(
    session: Session, library: Library, space: Space, texts: Sequence[Checked], *, beside: Collection[str] = ()
) -> list[list[Remark]]:
    """Return what a colleague would remark about each text, as a part of its space. Asks SQL the same however many there are.

    `beside` are the codes of further procedures in the same change, which a text may lead to.
    """
    codes = [one.code for one in texts]
    rows = session.scalars(select(Procedure).where(Procedure.space_id == space.id, Procedure.code.in_(codes)))
    published = {procedure.code: procedure for procedure in rows}
    roles = known_in(session, space, clock.today(library.zone))
    targets = [targets_of(one.markdown, lines_before(one.markdown)) for one in texts]
    paths = [procedure.path for procedure in published.values()]
    leads = _leads(session, space, [target for found in targets for target in found], [*beside, *codes], paths)
    return [
        remarks(one.markdown, _context(space, one, published.get(one.code), roles, leads, found)) if one.markdown else []
        for one, found in zip(texts, targets, strict=True)
    ]


def remarks_in(session: Session, library: Library, space: Space) -> Iterator[tuple[str, Remark]]:
    """Yield the code and each remark on every text in force in a space, by code."""
    day, page = clock.today(library.zone), 1
    while listed := procedures.listed(session, space, states=("in_force",), day=day, page=page, page_size=_AT_ONCE)[0]:
        found = procedures.stood(session, library, [one.code for one in listed])
        texts = [Checked(one.code, procedures.text_of(library, space, found[one.code].standing.in_force)) for one in listed]
        for text, told in zip(texts, remarks_on(session, library, space, texts), strict=True):
            yield from ((text.code, remark) for remark in told)
        page += 1


def _context(
    space: Space, one: Checked, procedure: Procedure | None, roles: Sequence[Known], leads: "_Leads", targets: Sequence[Target]
) -> Context:
    path, id = (procedure.path, procedure.id) if procedure else ("", None)
    facts = facts_of(one.markdown, path)
    return Context(
        language=facts.language or space.language,
        title=facts.title,
        skip=lines_before(one.markdown),
        names_regulation=bool(facts.regulations),
        review_every=facts.review_every,
        is_published=procedure is not None,
        words_budget=space.words_budget,
        roles={known.slug: known.name for known in roles if known.only is None or known.only != id},
        own=frozenset(known.slug for known in roles if known.only is not None and known.only == id),
        dead=leads.dead(targets, path),
    )


@dataclass(frozen=True)
class _Leads:
    """Which of the codes and files that texts lead to are there. Other spaces' codes are not judged: they may be walled.

    `files` are the names of what comes with these texts, in a version or in a change that is open.
    """

    prefix: str
    codes: frozenset[str]
    paths: frozenset[str]
    files: frozenset[str]

    def dead(self, targets: Sequence[Target], path: str) -> frozenset[str]:
        """Return the names of the targets, as seen from the file at `path`, that lead nowhere."""
        return frozenset(target.name for target in targets if self._is_dead(target, path))

    def _is_dead(self, target: Target, path: str) -> bool:
        if target.kind == "code":
            return target.name.startswith(f"{self.prefix}-") and target.name not in self.codes
        return target.kind == "path" and _inside(target.name, path) not in self.paths and basename(unquote(target.name)) not in self.files


def _leads(session: Session, space: Space, targets: Sequence[Target], codes: Sequence[str], paths: Sequence[str]) -> _Leads:
    named = {target.name for target in targets if target.kind == "code"}
    led = {_inside(target.name, path) for target in targets if target.kind == "path" for path in ("", *paths)}
    rows = session.execute(
        select(Procedure.code, Procedure.path).where(Procedure.space_id == space.id, or_(Procedure.code.in_(named), Procedure.path.in_(led)))
    ).all()
    found = frozenset(codes).union(row.code for row in rows)
    return _Leads(space.prefix, found, frozenset(row.path for row in rows), _files(session, codes) if led else frozenset())


def _files(session: Session, codes: Sequence[str]) -> frozenset[str]:
    published = select(Version.attachments).join(Procedure, Procedure.id == Version.procedure_id).where(Procedure.code.in_(codes))
    drafted = (
        select(ChangeText.attachments)
        .join(Change, Change.id == ChangeText.change_id)
        .where(ChangeText.code.in_(codes), Change.state.in_(("draft", "in_review")))
    )
    return frozenset(one["name"] for asked in (published, drafted) for held in session.scalars(asked) for one in held)


def _inside(target: str, path: str) -> str:
    """Return the file that a relative link leads to, as the page itself would look for it."""
    return normpath(join(dirname(path), unquote(target)))
