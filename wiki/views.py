"""The pages on which the rule is read and looked back on."""

import re
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import get_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import inviting, seating, spaces
from accounts.actors import Actor
from accounts.answered import kept_whole
from accounts.frames import framed
from accounts.permissions import Permission
from accounts.policy import may
from accounts.web import reading
from core import clock, text
from core.catalogue import zone
from core.errors import Invalid, N_, NotFound
from core.web import site
from wiki import change_views, duty_views, file_views, history_views, lists, procedures, proposal_views, seat_views, translating, writing_views
from wiki.attached import FileChange, listed, touched
from wiki.attestation import Attestation
from wiki.edge import damaged
from wiki.fragments import AFTER_PLACE, BEFORE_PLACE, FOLLOW_PLACE, TOKEN_PLACE, Fragment, Fragments
from wiki.models import Procedure, Version
from wiki.objects import Missing
from wiki.practice import Practice
from wiki.procedures import Found
from wiki.proof import laid_out
from wiki.rendering import shown
from wiki.standing import Standing
from wiki.standing import standing as standing_on
from wiki.upkeep import Upkeep

PAGE_SIZE = 100


def blueprint(practice: Practice, attestation: Attestation, upkeep: Upkeep) -> Blueprint:
    """Return the rule's pages; the practice fills the other half of each.

    The attestation says who is asked to read, upkeep when each procedure is reviewed.
    """
    pages = Blueprint("wiki", __name__)
    pages.app_errorhandler(Missing)(damaged)
    views = _Views(practice, attestation, upkeep, Fragments())
    pages.add_url_rule("/", "home", views.home)
    pages.add_url_rule("/spaces/<slug>", "space", views.space)
    pages.add_url_rule("/spaces/<slug>/file/<path:path>", "file", file)
    pages.add_url_rule("/procedures/<code>", "procedure", kept_whole(views.procedure))
    pages.add_url_rule("/procedures/<code>/versions/<number>", "version", version)
    pages.add_url_rule("/procedures/<code>/versions/<number>/files/<path:name>", "version_file", file_views.version_file)
    pages.add_url_rule("/changes/<id>/files/<position>/<path:name>", "change_file", file_views.change_file)
    pages.add_url_rule("/procedures/<code>/on", "choose_day", choose_day)
    pages.add_url_rule("/procedures/<code>/on/<day>", "on_day", on_day)
    pages.add_app_template_filter(laid_out)
    seat_views.add_to(pages)
    pages.add_app_template_filter(listed, "files")
    pages.add_app_template_filter(files_changed)
    change_views.add_to(pages, practice)
    writing_views.add_to(pages, practice, upkeep)
    history_views.add_to(pages, practice, views.fragments)
    duty_views.add_to(pages)
    proposal_views.add_to(pages, practice)
    return pages


@dataclass(frozen=True)
class _Views:
    practice: Practice
    attestation: Attestation
    upkeep: Upkeep
    fragments: Fragments

    def home(self):
        """Show the search box, what waits for this person, and what is new."""
        session, actor = reading()
        return render_template(
            "wiki/home.html",
            to_approve=lists.to_decide(session, actor),
            own=lists.own_changes(session, actor),
            to_read=self.attestation.to_read(session, actor),
            proposals=lists.own_proposals(session, actor),
            proposed=lists.proposed_to(session, actor),
            late=translating.late(session, lists.written_in(actor), _today(), lists.MOST),
            unanswered=self.practice.unanswered(session, actor),
            mine=self.practice.for_person(session, actor),
            published=lists.lately_published(session, actor),
            soon=lists.soon_in_force(session, actor, _today()),
            told=lists.of_approval(session, actor),
            guests=inviting.asked(session, actor),
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
            seats=seating.seats_of(space), seat_names=seating.names_in(session, seating.seats_of(space)),
            late=translating.late(session, [space.id] if may(actor, Permission.WRITE, space) else [], _today(), PAGE_SIZE),
            recent=self.practice.recent(session, actor, space),
            pinned=self.practice.pinned(session, actor, space),
            overdue=self.upkeep.overdue(session, space, [one.code for one in listed]),
        )

    def procedure(self, code: str):
        """Show both halves of a procedure: the rule and the practice."""
        session, actor = reading()
        found, head = procedures.headed(session, actor, code)
        rights = tuple(may(actor, right, found.space) for right in Permission)
        key = (code.upper(), head, found.procedure.said, str(get_locale()), str(zone()), _today(), rights, actor.is_somebody)
        kept = self.fragments.get(key, lambda: self._procedure_main(session, actor, found))
        return framed(found.procedure.code, kept.filled(*self._own_words(session, actor, found, kept), _follow(found)))

    def _own_words(self, session: Session, actor: Actor, found: Found, kept: Fragment) -> tuple[str, str]:
        """Return what the page says to this reader alone, before and after the rule; nothing is asked of SQL without need."""
        if kept.asking is None or not actor.is_somebody:
            return "", ""
        word = self.attestation.word(session, actor, found, kept.asking)
        if word is None:
            return "", ""
        shown = {"code": found.procedure.code, "word": word}
        return render_template("receipts/_asked.html", **shown), render_template("receipts/_attested.html", **shown)

    def _procedure_main(self, session: Session, actor: Actor, found: Found) -> Fragment:
        library = site().library
        standing = procedures.standing_of(session, found.procedure, library)
        version = standing.shown
        text = procedures.text_of(library, found.space, version)
        asking = self.attestation.asking(session, found, standing)
        sheet = shown(session, site().database, library, found.space, version)
        html = render_template(
            "wiki/_procedure_main.html",
            procedure=found.procedure, space=found.space, standing=standing, version=version, text=sheet,
            kept=self.upkeep.kept(session, found, standing, sheet.facts if sheet else None),
            panel=self.practice.panel(session, actor, found, standing, text),
            changes=lists.open_changes(session, actor, found.space, found.procedure.code),
            links=translating.links(session, found.space, found.procedure.code, version, standing.day),
            csrf_token=lambda: TOKEN_PLACE,
            before=BEFORE_PLACE if asking else "", after=AFTER_PLACE if asking else "", asks_somebody=asking is not None, follow=FOLLOW_PLACE,
        )
        return Fragment(html, asking)


def _follow(found: Found) -> str:
    code = found.procedure.code
    return current_app.jinja_env.globals["follow_form"]("procedure", code, found.space, code)


def file(slug: str, path: str):
    """Lead from a file's place in the collection to its procedure, or show a picture as a version of one found it there."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    if "version" in request.args:
        return file_views.picture(session, space, path)
    code = session.scalar(select(Procedure.code).where(Procedure.space_id == space.id, Procedure.path == path))
    if code is None:
        raise NotFound()
    return redirect(url_for("wiki.procedure", code=code), 303)


def version(code: str, number: str):
    """Show one version whole, and how it stands today."""
    session, actor = reading()
    found, standing = _standing(session, actor, code)
    chosen = procedures.numbered(standing, number)
    return _text_page(session, found, standing, chosen, day=None)


def files_changed(version: Version, standing: Standing) -> list[FileChange]:
    """Return what became of the files in a version, since the one it was made from."""
    base = next((one for one in standing.versions if one.number == version.base), None)
    return touched(listed(base), listed(version)) if version.blob else []


def choose_day(code: str):
    """Lead from the form that asks for a day to that day's page."""
    return redirect(url_for("wiki.on_day", code=code, day=request.args.get("day", "")), 303)


def on_day(code: str, day: str):
    """Show the text that was, or will be, in force on a day."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    standing = procedures.standing_of(session, found.procedure, site().library, text.day(day, field="day"))
    return _text_page(session, found, standing, standing.in_force, day=standing.day)


def _text_page(session: Session, found: Found, standing: Standing, version: Version | None, *, day: date | None):
    library = site().library
    return render_template(
        "wiki/text.html",
        links=translating.links(session, found.space, found.procedure.code, version, standing.day),
        procedure=found.procedure, space=found.space, standing=standing, version=version, day=day, today=_today(),
        present=standing_on(standing.versions, _today()),
        text=shown(session, site().database, library, found.space, version) if version else None,
    )


def _standing(session: Session, actor: Actor, code: str) -> tuple[Found, Standing]:
    found = procedures.readable(session, actor, code)
    return found, procedures.standing_of(session, found.procedure, site().library)


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
