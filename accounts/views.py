"""The pages about people: signing in and out, a forgotten password, other people, the list of spaces."""

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import (
    account_views, acquaintances, alarms, forgotten, guest_views, letters_edge, member_views, people, people_views, previews_web,
    seat_views, sign_ins, space_views, spaces,
)
from accounts.actors import Actor
from accounts.languages import keep_language
from accounts.models import Space
from accounts.web import link_address, looks_as_another, own_secret, present, reading, sign_in, sign_in_page, sign_out, writing
from core.catalogue import LANGUAGES
from core.errors import Invalid, N_, TooMany, Unauthenticated
from core.mail import Letter
from core.web import local_path, site

PAGE_SIZE = 200


def blueprint(
    helped: Callable[[Session, Actor, str], Sequence], helped_in: Callable[[Session, Space], Mapping[str, Sequence]]
) -> Blueprint:
    """Return the pages of this package; `helped` says what somebody helped with, of what the actor may read.

    `helped_in` says, by person, what the people of a space helped with in it.
    """
    pages = Blueprint("accounts", __name__)
    pages.add_url_rule("/signin", "signin", signin, methods=["GET", "POST"])
    pages.add_url_rule("/signout", "signout", signout, methods=["POST"])
    pages.add_url_rule("/link/<token>", "link", link, methods=["GET", "POST"])
    pages.add_url_rule("/forgotten", "forgotten", forgotten_password, methods=["GET", "POST"])
    pages.add_url_rule("/language", "language", choose_language, methods=["POST"])
    pages.add_url_rule("/people/<id>", "person", lambda id: person(id, helped))
    pages.add_url_rule("/spaces", "spaces", list_spaces)
    account_views.add_to(pages)
    people_views.add_to(pages)
    seat_views.add_to(pages)
    space_views.add_to(pages)
    member_views.add_to(pages, helped_in)
    guest_views.add_to(pages)
    return pages


def signin():
    """Ask who somebody is, and sign them in with their e-mail address and password."""
    if request.method != "POST":
        asked = local_path(request.args.get("next"))
        return redirect(asked or "/", 303) if present().is_somebody else sign_in_page(next=asked)
    email, asked = request.form.get("email", ""), local_path(request.form.get("next"))
    try:
        secret, tried = _sign_in_with(email, request.form.get("password", ""))
    except (Invalid, TooMany) as problem:
        return sign_in_page(next=asked, email=email[:254], problem=problem, status=problem.status)
    sign_in(secret)
    _tell(tried)
    return redirect(asked or "/", 303)


def _tell(tried: int) -> None:
    """Tell somebody who came in that wrong passwords were tried at their account since they last did."""
    if tried:
        flash(ngettext(
            "Since you last signed in, a wrong password was tried at your account %(num)s time. If it was not you, choose another password and tell an administrator.",
            "Since you last signed in, wrong passwords were tried at your account %(num)s times. If it was not you, choose another password and tell an administrator.",
            tried,
        ))


def _sign_in_with(email: str, password: str) -> tuple[str, int]:
    # Judging takes long on purpose: it happens between two short transactions, so that nobody waits for a lock.
    with site().database.transaction() as session:
        begun = sign_ins.begin_try(session, email, request.remote_addr or "", limited=site().settings.rate_limits)
    with site().database.reading() as session:
        person_id = sign_ins.judge(session, begun, password)
    with site().database.transaction() as session:
        secret = sign_ins.end_try(session, begun, person_id, request.user_agent.string)
        return secret, alarms.since_before(session, person_id)


def signout():
    """Sign out: the sign-in ends on the server, so a copy of the cookie is worth nothing."""
    previews_web.end()
    try:
        with writing() as (session, actor):
            sign_ins.end(session, actor, own_secret())
    except Unauthenticated:
        pass        # it had ended already
    sign_out()
    return redirect("/", 303)


def link(token: str):
    """Sign in with a link that works once. Only the form uses it up, so that a mail scanner's look does not."""
    if request.method != "POST":
        with site().database.reading() as session:
            usable = sign_ins.is_usable(session, token)
        return render_template("accounts/link.html", usable=usable), 200 if usable else 410
    try:
        with site().database.transaction() as session:
            entered = sign_ins.enter(session, token, request.user_agent.string)
            tried = alarms.since_before(session, entered.person_id)
    except Invalid:
        return render_template("accounts/link.html", usable=False), 410
    sign_in(entered.secret)
    _tell(tried)
    if entered.forgot:
        flash(_("Choose your new password here. You were signed out everywhere else."))
        return redirect(url_for("accounts.account") + "#secret", 303)
    return redirect("/", 303)


def forgotten_password():
    """Take an e-mail address and send a link to whoever has it: the same answer, and the same work before it, for everybody."""
    if request.method != "POST":
        return render_template("accounts/forgotten.html", sent=False, mails=letters_edge.are_sent(), email="", problem=None)
    asked, limited = request.form.get("email", ""), site().settings.rate_limits
    try:
        with site().database.transaction() as session:
            email = forgotten.ask(session, asked, request.remote_addr or "", limited=limited)
    except (Invalid, TooMany) as problem:
        page = render_template("accounts/forgotten.html", sent=False, mails=letters_edge.are_sent(), email=asked[:254], problem=problem)
        return page, problem.status
    letters_edge.send_later(lambda: _answers(email), str(get_locale()))
    return render_template("accounts/forgotten.html", sent=True, mails=letters_edge.are_sent(), email=email, problem=None)


def _answers(email: str) -> list[Letter]:
    if not letters_edge.are_sent():
        return []
    with site().database.transaction() as session:
        found = forgotten.answer(session, email)
    return [letters_edge.forgotten(found[0], link_address(found[1]))] if found else []


def choose_language():
    """Choose the language of the pages: for good if signed in, else for this browser."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise Invalid(N_("Choose English or French."), field="language")
    if present().is_somebody and not looks_as_another():
        with writing() as (session, actor):
            people.choose_language(session, actor, chosen)
    return keep_language(redirect(local_path(request.form.get("next")) or "/", 303), chosen)


def person(id: str, helped: Callable[[Session, Actor, str], Sequence]):
    """Show a person: their name, the spaces one shares with them, and what they helped with."""
    session, actor = reading()
    shown = acquaintances.readable(session, actor, id)
    return render_template("accounts/person.html", shown=shown, helped=helped(session, actor, shown.person.id))


def list_spaces():
    """List the spaces that one can read."""
    session, actor = reading()
    found, total = spaces.listed(session, actor, page_size=PAGE_SIZE)
    return render_template("accounts/spaces.html", spaces=found, total=total)
