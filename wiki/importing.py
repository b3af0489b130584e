"""Importing a collection: the first time with its whole past, later only what is new."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Space
from accounts.policy import require_open
from core import clock, journal
from core.database import Database
from core.errors import Conflict, Invalid, N_, Problem
from wiki import changes, oddities, sending, sources, trailers, translating
from wiki.drafts import Draft, DraftText
from wiki.history import git
from wiki.imported import Prepared, prepare, untranslated
from wiki.models import Change, Import
from wiki.news import News, news
from wiki.proposals import texts_of, under_way
from wiki.reconciling import replay
from wiki.record import record
from wiki.repository import Library, Repository
from wiki.sources import Brought
from wiki.trailers import Entry, Publication


@dataclass
class Outcome:
    """What an import did."""

    procedures: int = 0
    retired: int = 0
    versions: int = 0
    drafts: int = 0
    published: int = 0
    report: dict[str, list[str]] = field(default_factory=dict)


def bring_in(database: Database, library: Library, slug: str, source: str, *, progress=iter) -> Outcome:
    """Import a source into a space. `progress` wraps what is worked through, to show how far it is.

    Raises: Invalid if there is no such space, if the source cannot be read, or if the space was begun by hand; Denied if it is
    archived.
    """
    with database.reading() as session:
        space = session.scalar(select(Space).where(Space.slug == slug))
        if space is None:
            raise Invalid(N_("There is no space %(slug)s."), field="space", slug=slug)
        require_open(space)
        last = session.scalar(select(Import).where(Import.space_id == space.id).order_by(Import.id.desc()).limit(1))
        _check_untouched(session, space, last)
    replay(database, library, space.id)
    at = clock.now().replace(microsecond=0)
    repository = library.repository(slug)
    brought = sources.bring(repository, source, at)
    if last is None:
        return _first(database, library, repository, space, brought, at, progress)
    return _later(database, library, repository, space, brought, last, progress)


def _check_untouched(session: Session, space: Space, last: Import | None) -> None:
    if last is not None:
        return
    begun = session.scalar(select(func.count()).select_from(Change).where(Change.space_id == space.id))
    if begun or space.recorded_tip:
        raise Invalid(N_("A first import needs an empty space, and %(slug)s is not."), field="space", slug=space.slug)


def _first(database: Database, library: Library, repository: Repository, space: Space, brought: Brought, at, progress) -> Outcome:
    prepared = prepare(library, repository, space, brought.tip, at, progress)
    if not prepared.pages:
        raise Invalid(N_("There is no Markdown file in %(source)s."), field="source", source=brought.name)
    report = oddities.report(repository, brought.tip, prepared.pages, brought.left, _symlinks(repository, brought.tip))
    live = sum(page.is_live for page in prepared.pages)
    with database.transaction() as session:
        chain = journal.lock(session, space.id)
        here = session.get(Space, space.id, populate_existing=True)
        _check_untouched(session, here, None)
        publication = _publication(here, prepared, brought, journal.head_before(session, chain))
        report |= {"translations": lost} if (lost := untranslated(publication, prepared)) else {}
        message = trailers.message(publication)
        # The tree of the source as it is: its pictures and forms stay where its texts look for them.
        tree = repository.commit_of(brought.tip).tree
        commit = repository.commit(brought.tip, {}, message, author=("Import", "import"), at=at, tree=tree)
        repository.move(None, commit)
        record(session, library, here, chain, commit, prepared=prepared)
        session.add(Import(space_id=space.id, tip=brought.tip, at=at, report=report))
    return Outcome(
        procedures=live, retired=len(prepared.pages) - live, versions=sum(map(len, prepared.rows)), report=report
    )


def _publication(space: Space, prepared: Prepared, brought: Brought, head: str) -> Publication:
    entries = tuple(
        Entry(
            code=f"{space.prefix}-{space.last_number + number:03d}", path=_one_line(page.path), number=len(page.revisions),
            action="import", in_force_from=page.revisions[-1].day,
        )
        for number, page in enumerate(prepared.pages, 1)
    )
    return Publication(reason=f"Import of {_one_line(brought.name)}", journal=head, entries=entries, source=brought.tip)


def _one_line(path: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in path)


def _later(database: Database, library: Library, repository: Repository, space: Space, brought: Brought, last: Import, progress) -> Outcome:
    with database.reading() as session:
        found = list(news(session, repository, space, last.tip, brought.tip))
    outcome = Outcome()
    failed: list[str] = []
    for one in progress(found):
        try:
            _take(database, library, space, one, brought, outcome)
        except Problem as problem:
            failed.append(f"{one.path}: {problem}")
    if failed:
        outcome.report["not taken"] = failed
    with database.transaction() as session:
        session.add(Import(space_id=space.id, tip=brought.tip, at=clock.now(), report=outcome.report))
    return outcome


def _take(database: Database, library: Library, space: Space, one: News, brought: Brought, outcome: Outcome) -> None:
    publishes = space.approvals_required == 0
    try:
        _open(database, library, space, one, brought, outcome, publishes=publishes)
        outcome.published += publishes
        outcome.drafts += not publishes
    except Conflict:
        # What people wrote here since touches the same words: it waits as a draft for somebody to look at both.
        _open(database, library, space, one, brought, outcome, publishes=False)
        outcome.drafts += 1


def _open(
    database: Database, library: Library, space: Space, one: News, brought: Brought, outcome: Outcome, *, publishes: bool
) -> None:
    with database.transaction() as session:
        chain = journal.lock(session, space.id)
        here = session.get(Space, space.id, populate_existing=True)
        draft = Draft(f"Import of {brought.name}", "editorial", (DraftText(one.action, one.code, one.markdown, one.base, one.path),))
        change = changes.opened(session, library, here, chain, draft, person=None, source=brought.tip)
        if publishes:
            sending.submitted(session, library, here, chain, change, under_way(session, library, change), person=None)
        _report_translation(session, library, here, change, one, outcome)


def _report_translation(session: Session, library: Library, space: Space, change: Change, one: News, outcome: Outcome) -> None:
    text = texts_of(session, change)[0]
    problem = translating.refusal(session, library, space, text.code, text.markdown, {}) if text.markdown else None
    if problem:
        outcome.report.setdefault("translations", []).append(f"{one.path}: {problem}")


def _symlinks(repository: Repository, tip: str) -> Iterable[str]:
    rows = git("-C", str(repository.path), "ls-tree", "-r", "-z", tip, "--").split(b"\0")
    return [row.split(b"\t", 1)[1].decode("utf-8", "replace") for row in rows if row.startswith(b"120000 ")]


def run(site, slug: str, source: str) -> int:
    """Import from the command line, showing progress and a report; return the exit code."""
    try:
        outcome = bring_in(site.database, site.library, slug, source, progress=_shown_progress)
    except Problem as problem:
        click.echo(str(problem), err=True)
        return 1
    _tell(outcome)
    click.echo("Making it searchable …", err=True)
    site.loop.catch_up()
    return 0


def _shown_progress(items: Sequence) -> Iterator:
    with click.progressbar(items, label="Reading", file=sys.stderr, show_pos=True) as bar:
        yield from bar


def _tell(outcome: Outcome) -> None:
    if outcome.versions:
        click.echo(f"{outcome.procedures} procedures, {outcome.retired} retired ones, {outcome.versions} versions.")
    elif outcome.drafts or outcome.published:
        click.echo(f"{outcome.published} procedures published, {outcome.drafts} draft changes opened.")
    else:
        click.echo("Nothing new.")
    for line in oddities.lines(outcome.report):
        click.echo(line)
