"""The pages of invitations: made, listed, used, kept or ended."""

from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import invitations, inviting, letters_edge, sign_ins, spaces
from accounts.actors import Actor
from accounts.forms import attempt, typed
from accounts.models import Space
from accounts.policy import RECOMMENDATION, invites_as, require_inviter
from accounts.web import invitation_address, reading, sign_in
from core import clock, text
from core.errors import Invalid, N_, Problem
from core.web import local_path, site

_FIELDS = ("email", "ends_on", "note")
_YEAR = timedelta(days=365)


def add_to(pages: Blueprint) -> None:
    """Add these pages to the blueprint of the package."""
    both = ["GET", "POST"]
    pages.add_url_rule("/spaces/<slug>/invitations", "invitations", own_invitations, methods=both)
    pages.add_url_rule("/administration/spaces/<slug>/invitations", "administered_invitations", administered_invitations, methods=both)
    pages.add_url_rule("/invitations/<id>", "invitation_act", invitation_act, methods=["POST"])
    pages.add_url_rule("/invitation/<token>", "invitation", invitation, methods=both)


def own_invitations(slug: str):
    """Show a space's invitations to who may make them, and make another."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    require_inviter(actor, space)
    return _page(space, spaces.by_slug)


def administered_invitations(slug: str):
    """Show a space's invitations to administrators, and make another."""
    session, actor = reading()
    return _page(spaces.administered(session, actor, slug), spaces.administered)


def _page(space: Space, load):
    if request.method != "POST":
        return _shown(space, {"email": "", "ends_on": str(_today() + _YEAR), "note": ""})
    said = typed(*_FIELDS)

    def verb(session: Session, actor: Actor):
        found = load(session, actor, space.slug)
        return invitations.make(
            session, actor, found, email=said["email"], ends_on=text.day(said["ends_on"], field="ends_on"), zone=_zone(), note=said["note"]
        )

    made, problem = attempt(verb)
    if problem:
        return _shown(space, said, problem), problem.status
    address = invitation_address(made[1])
    sent = letters_edge.are_sent()
    if sent:
        _session, actor = reading()
        letter = letters_edge.invitation(made[0], space, actor.name, address)
        letters_edge.send_later(lambda: [letter], str(get_locale()))
    return _shown(space, {"email": "", "ends_on": said["ends_on"], "note": ""}, address=address, email=made[0].email, sent=sent)


def _shown(space: Space, said: dict, problem: Problem | None = None, **more):
    session, actor = reading()
    kind = invites_as(actor, space)
    left = invitations.left(session, actor, space) if kind == RECOMMENDATION else None
    return render_template(
        "accounts/invitations.html", space=space, listed=inviting.of_space(session, actor, space), typed=said, problem=problem, kind=kind,
        left=left, today=_today(), **{"address": None, "sent": False, "email": ""} | more,
    )


def invitation_act(id: str):
    """Say that somebody invited is still needed, or end what an invitation gives."""
    then, ends_on = request.form.get("then", ""), request.form.get("ends_on", "").strip()
    if then not in ("keep", "end"):
        raise Invalid(N_("Say whether to keep it or to end it."), field="then")

    def verb(session: Session, actor: Actor):
        if then == "end":
            return inviting.end(session, actor, id)
        return inviting.keep(session, actor, id, zone=_zone(), ends_on=text.day(ends_on, field="ends_on") if ends_on else None)

    _made, problem = attempt(verb)
    if problem:
        raise problem
    flash(_("It has ended.") if then == "end" else _("Kept. You are asked again in six months."))
    return redirect(local_path(request.form.get("next")) or "/", 303)


def invitation(token: str):
    """Show an invitation to whom it is for, and let them in. Only the form uses it up, so that a mail scanner's look does not."""
    session, actor = reading()
    try:
        found = invitations.waiting(session, token)
    except Invalid as problem:
        return render_template("accounts/invitation.html", found=None, problem=problem, name=""), 410
    if request.method != "POST":
        return render_template("accounts/invitation.html", found=found, problem=None, name="")
    name = request.form.get("name", "")
    try:
        came, secret = _accepted(actor, token, name, is_new=found.known is None)
    except Problem as problem:
        shown = None if isinstance(problem, Invalid) and problem.field is None else found
        return render_template("accounts/invitation.html", found=shown, problem=problem, name=name[:120]), problem.status
    if secret:
        sign_in(secret)
    flash(_("Welcome, %(name)s.", name=came))
    return redirect(url_for("wiki.space", slug=found.space.slug), 303)


def _accepted(actor: Actor, token: str, name: str, *, is_new: bool) -> tuple[str, str | None]:
    with site().database.transaction() as session:
        came = invitations.accept(session, actor, token, name=name, zone=_zone())
        return came.name, sign_ins.start(session, came.id, request.user_agent.string) if is_new else None


def _zone():
    return site().settings.timezone


def _today() -> date:
    return clock.today(_zone())
