"""The pages on which the rule is read and looked back on."""

import re
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from accounts import spaces
from accounts.models import Space
from accounts.policy import Actor, Permission, may
from accounts.frames import framed
from accounts.web import reading
from core import clock
from core.errors import Invalid, N_, NotFound
from core.journal import Chain
from core.web import site
from wiki import change_views, lists, procedures, sheet_views
from wiki.fragments import TOKEN_PLACE, Fragments
from wiki.models import Procedure, Version
from wiki.practice import Practice
from wiki.procedures import Found
from wiki.proof import laid_out
from wiki.rendering import shown
from wiki.standing import Standing

PAGE_SIZE = 100
# Built once: the page that is read most runs it every time.
_HEADED = (
    select(Procedure, Space, Chain.sequence)
    .join(Space, Space.id == Procedure.space_id)
    .join(Chain, Chain.name == Space.id)
    .where(Procedure.code == bindparam("code"))
)


def blueprint(practice: Practice) -> Blueprint:
    """Return the rule's pages; the practice fills the other half of each."""
    pages = Blueprint("wiki", __name__)
    views = _Views(practice, Fragments())
    pages.add_url_rule("/", "home", views.home)
    pages.add_url_rule("/spaces/<slug>", "space", views.space)
    pages.add_url_rule("/spaces/<slug>/file/<path:path>", "file", file)
    pages.add_url_rule("/procedures/<code>", "procedure", views.procedure)
    pages.add_url_rule("/procedures/<code>/versions", "versions", versions)
    pages.add_url_rule("/procedures/<code>/versions/<number>", "version", version)
    pages.add_url_rule("/procedures/<code>/versions/<number>/sheet.css", "sheet", sheet_views.sheet)
    pages.add_url_rule("/procedures/<code>/compare", "choose_compare", choose_compare)
    pages.add_url_rule("/procedures/<code>/compare/<pair>", "compare", compare)
    pages.add_url_rule("/procedures/<code>/on", "choose_day", choose_day)
    pages.add_url_rule("/procedures/<code>/on/<day>", "on_day", on_day)
    pages.add_app_template_filter(laid_out)
    change_views.add_to(pages, practice)
    return pages


@dataclass(frozen=True)
class _Views:
    practice: Practice
    fragments: Fragments

    def home(self):
        """Show the search box, what waits for this person, and what is new."""
        session, actor = reading()
        return render_template(
            "wiki/home.html",
            to_approve=lists.to_decide(session, actor),
            own=lists.own_changes(session, actor),
            unanswered=self.practice.unanswered(session, actor),
            published=lists.lately_published(session, actor),
            recent=self.practice.recent(session, actor),
            spaces=lists.spaces_with_counts(session, actor, _today()),
        )

    def space(self, slug: str):
        """Show a space: its procedures, the changes under way and the threads last spoken in."""
        session, actor = reading()
        space = spaces.by_slug(session, actor, slug)
        page, states = _page(), _states()
        listed, total = procedures.listed(session, space, states=states, day=_today(), page=page, page_size=PAGE_SIZE)
        return render_template(
            "wiki/space.html",
            space=space, listed=listed, total=total, page=page, page_size=PAGE_SIZE, states=states,
            changes=lists.open_changes(session, actor, space),
            recent=self.practice.recent(session, actor, space),
        )

    def procedure(self, code: str):
        """Show both halves of a procedure: the rule and the practice."""
        session, actor = reading()
        row = _found_with_head(session, actor, code)
        found = Found(row.Procedure, row.Space)
        rights = tuple(may(actor, right, found.space) for right in Permission)
        key = (code.upper(), row.sequence, str(get_locale()), _today(), rights, actor.is_somebody)
        main = self.fragments.get(key, lambda: self._procedure_main(session, actor, found))
        return framed(found.procedure.code, main)

    def _procedure_main(self, session: Session, actor: Actor, found: Found) -> str:
        library = site().library
        standing = procedures.standing_of(session, found.procedure, library)
        version = standing.shown
        text = procedures.text_of(library, found.space, version)
        return render_template(
            "wiki/_procedure_main.html",
            procedure=found.procedure, space=found.space, standing=standing, version=version,
            text=shown(session, site().database, library, found.space, version),
            panel=self.practice.panel(session, actor, found, standing, text),
            changes=lists.open_changes(session, actor, found.space, found.procedure.code),
            csrf_token=lambda: TOKEN_PLACE,
        )


def file(slug: str, path: str):
    """Lead from a file's place in the collection to its procedure: what links inside imported texts point at."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    code = session.scalar(select(Procedure.code).where(Procedure.space_id == space.id, Procedure.path == path))
    if code is None:
        raise NotFound()
    return redirect(url_for("wiki.procedure", code=code), 303)


def versions(code: str):
    """List the versions of a procedure: who, when and why."""
    session, actor = reading()
    found, standing = _standing(session, actor, code)
    return render_template(
        "wiki/versions.html", procedure=found.procedure, space=found.space, standing=standing, version=standing.shown,
        page=_page(), page_size=PAGE_SIZE,
    )


def version(code: str, number: str):
    """Show one version whole, and how it stands today."""
    session, actor = reading()
    found, standing = _standing(session, actor, code)
    chosen = _numbered(standing, number)
    return _text_page(session, found, standing, chosen, day=None)


def choose_day(code: str):
    """Lead from the form that asks for a day to that day's page."""
    return redirect(url_for("wiki.on_day", code=code, day=request.args.get("day", "")), 303)


def on_day(code: str, day: str):
    """Show the text that was, or will be, in force on a day."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    standing = procedures.standing_of(session, found.procedure, site().library, _day(day))
    return _text_page(session, found, standing, standing.in_force, day=standing.day)


def choose_compare(code: str):
    """Lead from the form that asks for two versions to their comparison."""
    pair = f"{request.args.get('from', '')}...{request.args.get('to', '')}"
    return redirect(url_for("wiki.compare", code=code, pair=pair), 303)


def compare(code: str, pair: str):
    """Show two versions word by word."""
    session, actor = reading()
    found, standing = _standing(session, actor, code)
    first, dots, second = pair.partition("...")
    if not dots:
        raise NotFound()
    older, newer = _numbered(standing, first), _numbered(standing, second)
    difference = procedures.compare(site().library, found.space, older, newer)
    return render_template(
        "wiki/compare.html", procedure=found.procedure, space=found.space, standing=standing, older=older, newer=newer,
        difference=difference, version=newer,
    )


def _text_page(session: Session, found: Found, standing: Standing, version: Version | None, *, day: date | None):
    library = site().library
    return render_template(
        "wiki/text.html",
        procedure=found.procedure, space=found.space, standing=standing, version=version, day=day, today=_today(),
        text=shown(session, site().database, library, found.space, version) if version else None,
    )


def _found_with_head(session: Session, actor: Actor, code: str):
    row = session.execute(_HEADED, {"code": code.upper()}).first()
    if row is None or not may(actor, Permission.READ, row.Space):
        raise NotFound()
    return row


def _standing(session: Session, actor: Actor, code: str) -> tuple[Found, Standing]:
    found = procedures.readable(session, actor, code)
    return found, procedures.standing_of(session, found.procedure, site().library)


def _numbered(standing: Standing, number: str) -> Version:
    if not re.fullmatch(r"[1-9][0-9]{0,8}", number):
        raise NotFound()
    found = next((v for v in standing.versions if v.number == int(number)), None)
    if found is None:
        raise NotFound()
    return found


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise Invalid(N_("Give the day as year-month-day, such as 2026-03-31."), field="day")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(N_("Give the day as year-month-day, such as 2026-03-31."), field="day") from None


def _page() -> int:
    raw = request.args.get("page", "1")
    if not re.fullmatch(r"[1-9][0-9]{0,6}", raw):
        raise Invalid(N_("The page must be a number from 1."), field="page")
    return int(raw)


def _states() -> tuple[str, ...]:
    state = request.args.get("state", "")
    if state == "":
        return ("in_force", "scheduled")
    if state not in procedures.STATES:
        raise Invalid(N_("A state is in_force, scheduled or retired."), field="state")
    return (state,)


def _today() -> date:
    return clock.today(site().library.zone)
