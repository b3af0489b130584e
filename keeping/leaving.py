"""Leaving with everything: a site, or one space, as plain files that need nothing of ours to be read.

Markdown and attachments by procedure, threads as Markdown and JSON, lists as CSV, the history as a git bundle, and pages
of plain HTML that lead to them. What is in it is what `actor` may see; without an actor, everything.
"""

import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import NOBODY, Actor
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import may, may_take_out
from core import clock, journal
from core.errors import NotFound
from discussions.models import Thread
from discussions.shapes import thread_shapes
from discussions.shown import shown as visible
from keeping import covers, pages, registers
from keeping.covers import Inside
from keeping.names import Names
from regulations import lists, texts
from regulations.coverage import coverage
from wiki.attached import content_of, listed
from wiki.changes import may_see
from wiki.models import Change, Procedure, Version
from wiki.objects import Missing
from wiki.packs import bundle
from wiki.repository import Library
from wiki.shapes import change_shape, told, version_shape
from wiki.standing import standing

_AT_ONCE = 200
Entry = tuple[str, Iterable[bytes]]


@dataclass(frozen=True)
class Leaving:
    """One going out: from which site, for whom (None: everything), in which words."""

    session: Session
    library: Library
    actor: Actor | None
    captions: Mapping[str, str]
    language: str
    site_name: str

    def may(self, permission: Permission, space: Space) -> bool:
        """Say whether this may go along."""
        return self.actor is None or may(self.actor, permission, space)


def spaces(session: Session, actor: Actor | None) -> tuple[list[Space], list[Space]]:
    """Return the spaces that go along and those that are left out, by slug: what somebody may not read, they do not get."""
    every = list(session.scalars(select(Space).order_by(Space.slug)))
    taken = [space for space in every if actor is None or may(actor, Permission.READ, space)]
    return taken, [space for space in every if space not in taken]


def taken_out(session: Session, actor: Actor, space: Space) -> Space:
    """Return a space whose whole content somebody may take out. Raises: NotFound for everybody else."""
    if not may_take_out(actor, space):
        raise NotFound()
    return space


def note(session: Session, actor: Actor | None, of: Sequence[Space]) -> None:
    """Say in the journal that the site was taken out, and which spaces went along."""
    chain = journal.lock(session, journal.SITE)
    journal.add(session, chain, actor=actor.id if actor else None, act="export", object="site", content=" ".join(one.slug for one in of))


def site_entries(leaving: Leaving) -> Iterator[Entry]:
    """Yield every file of a whole site by its name."""
    taken, left_out = spaces(leaving.session, leaving.actor)
    yield "index.html", [covers.site_page(leaving.captions, leaving.language, leaving.site_name, taken, left_out)]
    yield "people.csv", [registers.people(leaving.session).encode()]
    if leaving.actor is None or leaving.actor.is_administrator:
        yield "journal.csv", registers.acts(leaving.session, journal.SITE)
    for space in taken:
        yield from space_entries(leaving, space, f"spaces/{space.slug}/")


def space_entries(leaving: Leaving, space: Space, under: str = "") -> Iterator[Entry]:
    """Yield every file of a space by its name."""
    procedures = yield from _procedures(leaving, space, under)
    threads = yield from _threads(leaving, space, under)
    others = yield from _registers(leaving, space, under)
    others += yield from _other_files(leaving, space, under)
    if space.recorded_tip is not None:
        yield f"{under}history.bundle", bundle(leaving.library, space.slug)
        others.append("history.bundle")
    yield f"{under}index.html", [covers.space_page(leaving.captions, space, bool(under), Inside(procedures, threads, others))]


def _procedures(leaving: Leaving, space: Space, under: str) -> Generator[Entry, None, list[tuple]]:
    names, lines = Names(), []
    codes = leaving.session.execute(select(Procedure.id, Procedure.code).where(Procedure.space_id == space.id).order_by(Procedure.code)).all()
    today = clock.today(leaving.library.zone)
    for id, code in codes:
        versions = leaving.session.scalars(select(Version).where(Version.procedure_id == id)).all()
        stands = standing(versions, today)
        shown = stands.shown
        if shown is None:
            continue
        folder = f"procedures/{names.of(code)}/"
        state = leaving.captions[stands.state]
        number = f"{leaving.captions['version']} {shown.number}"
        title = pages.link(f"{folder}{code}.md", shown.title) if shown.blob else shown.title
        lines.append((code, title, state, number, shown.in_force_from.isoformat()))
        yield from _procedure(leaving, space, code, stands, under + folder)
    return lines


def _procedure(leaving: Leaving, space: Space, code: str, stands, folder: str) -> Iterator[Entry]:
    """Yield the text that holds with its files beside it, what is told of every version, and each version's own text."""
    objects, names = leaving.library.repository(space.slug).objects, Names(f"{code}.md", "versions.json", "versions")
    shown = stands.shown
    if shown.blob:
        yield f"{folder}{code}.md", [objects.blob(shown.blob)]
        for one in listed(shown):
            yield folder + names.of(one.name), [_file(leaving, space, one)]
    told = [version_shape(stands, version) for version in stands.versions]
    yield f"{folder}versions.json", [_json({"code": code, "space": space.slug, "state": stands.state, "versions": told})]
    for version in stands.versions:
        if version.blob:
            yield f"{folder}versions/{version.number}.md", [objects.blob(version.blob)]


def _file(leaving: Leaving, space: Space, one) -> bytes:
    try:
        return content_of(leaving.library, space.slug, one)
    except Missing:
        return b""      # verify names it; the rest goes out all the same


def _threads(leaving: Leaving, space: Space, under: str) -> Generator[Entry, None, list[tuple]]:
    # What was hidden goes out only to whoever sees it here; the posts of a thread that was merged stand in the other one.
    stands = Thread.merged_into.is_(None) if leaving.may(Permission.SEE_HIDDEN, space) else visible()
    ids = leaving.session.scalars(select(Thread.id).where(Thread.space_id == space.id, stands).order_by(Thread.opened_at, Thread.id)).all()
    shown = []
    for start in range(0, len(ids), _AT_ONCE):
        rows = leaving.session.scalars(select(Thread).where(Thread.id.in_(ids[start : start + _AT_ONCE])).order_by(Thread.opened_at, Thread.id)).all()
        shapes = thread_shapes(leaving.session, leaving.library, leaving.actor or NOBODY, rows)
        for row, thread in zip(rows, shapes):
            for post in thread["posts"]:
                post.pop("html")
            name = f"threads/{row.opened_at:%Y-%m-%d}-{thread['id']}"
            yield f"{under}{name}.md", [pages.thread_as_markdown(thread, leaving.captions).encode()]
            yield f"{under}{name}.json", [_json(thread)]
            shown.append((f"{name}.md", thread["title"], leaving.captions[thread["kind"]], thread["code"] or "", f"{row.opened_at:%Y-%m-%d}"))
    return shown


def _registers(leaving: Leaving, space: Space, under: str) -> Generator[Entry, None, list[str]]:
    session, found = leaving.session, []

    def listed_as(name: str, pieces: Iterable[bytes]) -> Entry:
        found.append(name)
        return under + name, pieces

    yield listed_as("space.json", [_json(_space(space))])
    yield listed_as("roles.csv", [registers.roles(session, space).encode()])
    regulations = texts.listed(session, space)
    if regulations:
        yield listed_as("regulations.csv", [lists.taken_out(regulations, coverage(session, leaving.library, space)).encode()])
    if leaving.may(Permission.SEE_RECEIPTS, space):
        yield listed_as("receipts.csv", [registers.receipts(session, space).encode()])
        yield listed_as("reviews.csv", [registers.reviews(session, space).encode()])
    if leaving.may(Permission.SEE_CHANGES, space):
        yield listed_as("changes.json", [_json(_changes(leaving, space))])
    if leaving.may(Permission.SEE_JOURNAL, space):
        yield listed_as("journal.csv", registers.acts(session, space.id))
    return found


def _other_files(leaving: Leaving, space: Space, under: str) -> Generator[Entry, None, list[str]]:
    """Yield what else stands in the repository: the pictures of an imported collection."""
    if space.recorded_tip is None:
        return []
    repository = leaving.library.repository(space.slug)
    known = set(leaving.session.scalars(select(Procedure.path).where(Procedure.space_id == space.id)))
    held = {one["blob"] for files in leaving.session.scalars(_attachments_of(space)) for one in files}
    names, found = Names(), []
    for path, blob in repository.tree_of(space.recorded_tip):
        if path not in known and blob not in held:
            name = "files/" + "/".join(Names().of(part) for part in path.split("/"))
            name = name if name not in found else f"files/{names.of(path)}"
            yield under + name, [repository.objects.blob(blob)]
            found.append(name)
    return found


def _attachments_of(space: Space):
    return select(Version.attachments).join(Procedure, Procedure.id == Version.procedure_id).where(Procedure.space_id == space.id)


def _changes(leaving: Leaving, space: Space) -> list[dict]:
    """Return the changes under way: what is published stands in the history."""
    rows = leaving.session.scalars(
        select(Change).where(Change.space_id == space.id, Change.state.in_(("draft", "in_review"))).order_by(Change.opened_at, Change.id)
    )
    seen = [row for row in rows if leaving.actor is None or may_see(leaving.actor, row, space)]
    return [change_shape(leaving.library, told(leaving.session, leaving.library, space, row, ())) for row in seen]


def _space(space: Space) -> dict:
    names = ("slug", "name", "description", "visibility", "approvals_required", "language", "prefix", "words_budget")
    return {name: getattr(space, name) for name in names} | {"created_at": clock.rfc3339(space.created_at)}


def _json(told: object) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
