"""The pages that explain how a text came to be: versions, lines, and everything that happened to a change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.answered import kept_whole
from accounts.frames import framed
from accounts.permissions import Permission
from accounts.policy import may
from accounts.web import reading
from core import clock
from core.catalogue import zone
from core.errors import NotFound
from core.web import number_argument, site
from wiki import changes, past, procedures, steps
from wiki.attached import listed, touched
from wiki.fragments import TOKEN_PLACE, Fragment, Fragments
from wiki.lines import lines
from wiki.models import Change, Version
from wiki.past import Happening
from wiki.practice import Practice
from wiki.procedures import Found
from wiki.proof import laid_out_runs, moved_only
from wiki.standing import Standing

PAGE_SIZE = 100
SAVES_ON_A_PAGE = 20


def add_to(pages: Blueprint, practice: Practice, fragments: Fragments) -> None:
    """Add these pages to the wiki's blueprint."""
    views = _Views(practice, fragments)
    pages.add_url_rule("/procedures/<code>/versions", "versions", kept_whole(views.versions))
    pages.add_url_rule("/procedures/<code>/compare", "choose_compare", choose_compare)
    pages.add_url_rule("/procedures/<code>/compare/<pair>", "compare", kept_whole(views.compare))
    pages.add_url_rule("/procedures/<code>/lines", "lines", lines_now)
    pages.add_url_rule("/procedures/<code>/versions/<number>/lines", "version_lines", version_lines)
    pages.add_url_rule("/changes/<id>/history", "change_history", change_history)
    pages.add_app_template_filter(moved_only)
    pages.add_app_template_global(views.grown_from)


@dataclass(frozen=True)
class _Views:
    practice: Practice
    fragments: Fragments

    def versions(self, code: str):
        """List the versions of a procedure: who, when, why, how much changed, and which threads led there."""
        session, actor = reading()
        found, head = procedures.headed(session, actor, code)
        page = number_argument("page", 1)
        rights = tuple(may(actor, right, found.space) for right in Permission)
        own = _own(session, actor, found)
        key = ("versions", code.upper(), head, str(get_locale()), str(zone()), _today(), rights, own, page)
        main = self.fragments.get(key, lambda: self._versions(session, actor, found, page, own))
        return framed(f"{found.procedure.code}, {_('versions')}", main.filled())

    def _versions(self, session: Session, actor: Actor, found: Found, page: int, own: frozenset[str]) -> Fragment:
        library = site().library
        standing = procedures.standing_of(session, found.procedure, library)
        on_page = standing.versions[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        sees_all = may(actor, Permission.SEE_CHANGES, found.space)
        compared = steps.steps(session, site().database, library, found.space, standing.versions, on_page)
        html = render_template(
            "wiki/_versions_main.html",
            procedure=found.procedure, space=found.space, standing=standing, version=standing.shown, listed=on_page,
            page=page, page_size=PAGE_SIZE, csrf_token=lambda: TOKEN_PLACE,
            steps=compared,
            earlier={one.number: steps.before(one, {v.number: v for v in standing.versions}) for one in on_page},
            threads=self.practice.cited_by(session, actor, [one.change_id for one in on_page if one.change_id]),
            seen={one.change_id for one in on_page if one.change_id and (sees_all or one.change_id in own)},
        )
        return Fragment(html, whole=len(compared) == sum(one.blob is not None for one in on_page))

    def grown_from(self, version: Version) -> Sequence:
        """Return the threads that a version found readable grew out of, those that the reader may read."""
        return self.practice.cited(*reading(), version.change_id) if version.change_id else ()

    def compare(self, code: str, pair: str):
        """Show two versions word by word."""
        session, actor = reading()
        found, head = procedures.headed(session, actor, code)
        key = ("compare", code.upper(), head, str(get_locale()), _today(), pair)
        main = self.fragments.get(key, lambda: _compared(session, found, pair))
        return framed(f"{found.procedure.code}, {pair}", main.filled())


def _compared(session: Session, found: Found, pair: str) -> Fragment:
    library = site().library
    standing = procedures.standing_of(session, found.procedure, library)
    first, dots, second = pair.partition("...")
    if not dots:
        raise NotFound()
    older, newer = procedures.numbered(standing, first), procedures.numbered(standing, second)
    html = render_template(
        "wiki/_compare_main.html", procedure=found.procedure, space=found.space, standing=standing, older=older, newer=newer,
        difference=procedures.compare(library, found.space, older, newer), version=newer, files=touched(listed(older), listed(newer)),
    )
    return Fragment(html)


def choose_compare(code: str):
    """Lead from the form that asks for two versions to their comparison."""
    pair = f"{request.args.get('from', '')}...{request.args.get('to', '')}"
    return redirect(url_for("wiki.compare", code=code, pair=pair), 303)


def lines_now(code: str):
    """Show since which version each line of the present text stands."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    standing = procedures.standing_of(session, found.procedure, site().library)
    return _lines_page(session, found, standing, standing.shown)


def version_lines(code: str, number: str):
    """Show since which version each line of one version's text stands."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    standing = procedures.standing_of(session, found.procedure, site().library)
    return _lines_page(session, found, standing, procedures.numbered(standing, number))


def _lines_page(session: Session, found: Found, standing: Standing, version: Version):
    stood = lines(session, site().database, site().library, found.space, standing.versions, version)
    return render_template(
        "wiki/lines.html", procedure=found.procedure, space=found.space, standing=standing, version=version,
        runs=laid_out_runs((line.text, line.since) for line in stood),
        earlier={one.number: steps.before(one, {v.number: v for v in standing.versions}) for one in standing.versions},
    )


def change_history(id: str):
    """Show everything that happened to a change, whatever became of it."""
    session, actor = reading()
    change, space = changes.readable(session, actor, id)
    page = number_argument("page", 1)
    saved, total = past.saves(session, site().library, space, change, page=page, page_size=SAVES_ON_A_PAGE)
    return render_template(
        "wiki/change_history.html", change=change, space=space, page=page, page_size=SAVES_ON_A_PAGE, total=total,
        happenings=[_said(one) for one in past.happenings(session, change, saved)],
    )


def _said(one: Happening) -> Happening:
    # A sentence of ours, in the reader's language; the words of people stay as they are.
    return replace(one, words=_(one.words).replace("%(name)s", one.by)) if one.what == "fall" and one.words else one


def _own(session: Session, actor: Actor, found: Found) -> frozenset[str]:
    """Return the published changes of this space that an actor opened and could not see otherwise."""
    if not actor.is_somebody or may(actor, Permission.SEE_CHANGES, found.space):
        return frozenset()
    own = (Change.space_id == found.space.id, Change.opened_by == actor.id, Change.state == "published")
    return frozenset(session.scalars(select(Change.id).where(*own)))


def _today():
    return clock.today(site().library.zone)
