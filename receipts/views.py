"""The pages on which people say that they have read a procedure, and those on which its authors see who has."""

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts import spaces
from accounts.permissions import Permission
from accounts.policy import may, require
from accounts.web import reading, writing
from core.errors import Conflict, Invalid, N_, Problem, Unauthenticated
from core.web import number_argument, site
from receipts import forms, ledger
from receipts.attesting import attest, duty
from receipts.audiences import audience, choose
from receipts.forms import AudienceForm
from receipts.models import ROLES
from receipts.reminding import remind
from receipts.rolls import Line, readable_roll
from receipts.teams import teams_now
from receipts.to_read import to_read_in
from wiki import procedures
from wiki.rendering import shown

PAGE_SIZE = 100


def blueprint() -> Blueprint:
    """Return the pages of this package."""
    pages = Blueprint("receipts", __name__)
    both = ["GET", "POST"]
    pages.add_url_rule("/spaces/<slug>/to-read", "to_read", list_to_read)
    pages.add_url_rule("/procedures/<code>/receipt", "receipt", receipt, methods=both)
    pages.add_url_rule("/procedures/<code>/audience", "audience", audience_page, methods=both)
    pages.add_url_rule("/procedures/<code>/audience.csv", "csv", csv)
    pages.add_url_rule("/procedures/<code>/reminders", "reminders", reminders, methods=["POST"])
    return pages


def list_to_read(slug: str):
    """List what asks the reader for a receipt in a space, the longest waiting first."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    if not actor.is_somebody:
        raise Unauthenticated(N_("Sign in to do this."))
    found, page = to_read_in(session, site().library, actor, space), number_argument("page", 1)
    return render_template(
        "receipts/to_read.html", space=space, found=found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], total=len(found), page=page, page_size=PAGE_SIZE,
    )


def receipt(code: str):
    """Show what a procedure asks one to read, and take the receipt; only the button records anything."""
    if request.method != "POST":
        return _receipt_page(code)
    try:
        with writing() as (session, actor):
            given = attest(session, site().library, actor, code, forms.version_of(request.form.get("version", "")))
    except (Conflict, Invalid) as problem:
        return _receipt_page(code, problem), problem.status
    flash(_("Thank you. It is recorded that you have read and understood version %(number)s.", number=given.version))
    return redirect(url_for("wiki.procedure", code=code.upper()), 303)


def _receipt_page(code: str, problem: Problem | None = None):
    # After a conflict the page is made from what stands now, not from what this request saw before.
    with site().database.reading() as session:
        actor = reading()[1]
        found = procedures.readable(session, actor, code)
        if not actor.is_somebody:
            raise Unauthenticated(N_("Sign in to do this."))
        asked = duty(session, site().library, actor, found)
        version, attested = asked.standing.in_force, asked.attested
        whole = attested is None or "whole" in request.args
        return render_template(
            "receipts/receipt.html",
            procedure=found.procedure, space=found.space, standing=asked.standing, duty=asked, version=version, whole=whole,
            problem=problem,
            text=shown(session, site().database, site().library, found.space, version) if asked.owed and whole else None,
            difference=procedures.compare(site().library, found.space, attested, version) if asked.owed and not whole else None,
        )


def audience_page(code: str):
    """Show whom a procedure asks, who has said that they have read it and who has not; let authors choose whom."""
    if request.method != "POST":
        return _audience_page(code)
    typed = forms.from_request(request.form)
    try:
        with writing() as (session, actor):
            found = procedures.readable(session, actor, code)
            require(actor, Permission.SET_AUDIENCE, found.space)
            choose(session, site().library, actor, code, typed.chosen(session, found.space), typed.digest)
    except (Conflict, Invalid) as problem:
        return _audience_page(code, typed, problem), problem.status
    flash(_("Saved."))
    return redirect(url_for("receipts.audience", code=code.upper()), 303)


def _audience_page(code: str, typed: AudienceForm | None = None, problem: Problem | None = None):
    with site().database.reading() as session:
        actor = reading()[1]
        found, known = readable_roll(session, site().library, actor, code)
        standing, present, page = known.standing, audience(session, found), number_argument("page", 1)
        return render_template(
            "receipts/audience.html",
            procedure=found.procedure, space=found.space, standing=standing, version=standing.shown, roll=known,
            groups=_groups(known.lines[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]), page=page, page_size=PAGE_SIZE, audience=present,
            form=typed or forms.from_audience(present), problem=problem, roles=ROLES,
            digest=typed.digest if typed and not isinstance(problem, Conflict) else present.digest,
            teams=teams_now(session, site().library, found, standing),
            may_choose=may(actor, Permission.SET_AUDIENCE, found.space), may_remind=may(actor, Permission.REMIND, found.space),
        )


def _groups(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    return [(state, list(run)) for state, run in groupby(lines, key=lambda line: line.state)]


def csv(code: str):
    """Give the roll of a procedure, past receipts included, as a table for a spreadsheet."""
    session, actor = reading()
    found, known = readable_roll(session, site().library, actor, code)
    return ledger.answer(found.procedure.code, known)


def reminders(code: str):
    """Ask those again who have not said that they have read it."""
    try:
        with writing() as (session, actor):
            made = remind(session, site().library, actor, code)
    except Conflict as problem:
        return _audience_page(code, problem=problem), problem.status
    if made:
        flash(ngettext("%(num)s person is asked again.", "%(num)s people are asked again.", len(made)))
    else:
        flash(_("Everybody who is missing was asked again today already."))
    return redirect(url_for("receipts.audience", code=code.upper()), 303)
