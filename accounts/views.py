"""The pages about people: signing in and out, one's own account, other people, the list of spaces."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts import people, sign_ins, spaces
from accounts.languages import keep_language
from accounts.web import own_secret, present, reading, sign_in, sign_in_page, sign_out, writing
from core.catalogue import LANGUAGES
from core.errors import Invalid, N_, Problem, TooMany, Unauthenticated
from core.web import local_path, site

PAGE_SIZE = 200


def blueprint() -> Blueprint:
    """Return the pages of this package."""
    pages = Blueprint("accounts", __name__)
    pages.add_url_rule("/signin", "signin", signin, methods=["GET", "POST"])
    pages.add_url_rule("/signout", "signout", signout, methods=["POST"])
    pages.add_url_rule("/link/<token>", "link", link, methods=["GET", "POST"])
    pages.add_url_rule("/account", "account", account)
    pages.add_url_rule("/account/password", "password", password, methods=["POST"])
    pages.add_url_rule("/account/elsewhere", "elsewhere", elsewhere, methods=["POST"])
    pages.add_url_rule("/language", "language", choose_language, methods=["POST"])
    pages.add_url_rule("/people/<id>", "person", person)
    pages.add_url_rule("/spaces", "spaces", list_spaces)
    return pages


def signin():
    """Ask who somebody is, and sign them in with their e-mail address and password."""
    if request.method != "POST":
        asked = local_path(request.args.get("next"))
        return redirect(asked or "/", 303) if present().is_somebody else sign_in_page(next=asked)
    email, asked = request.form.get("email", ""), local_path(request.form.get("next"))
    try:
        sign_in(_sign_in_with(email, request.form.get("password", "")))
    except (Invalid, TooMany) as problem:
        return sign_in_page(next=asked, email=email[:254], problem=problem, status=problem.status)
    return redirect(asked or "/", 303)


def _sign_in_with(email: str, password: str) -> str:
    # Judging takes long on purpose: it happens between two short transactions, so that nobody waits for a lock.
    with site().database.transaction() as session:
        begun = sign_ins.begin_try(session, email, request.remote_addr or "", limited=site().settings.rate_limits)
    with site().database.reading() as session:
        person_id = sign_ins.judge(session, begun, password)
    with site().database.transaction() as session:
        return sign_ins.end_try(session, begun, person_id)


def signout():
    """Sign out: the sign-in ends on the server, so a copy of the cookie is worth nothing."""
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
            secret = sign_ins.use_link(session, token)
    except Invalid:
        return render_template("accounts/link.html", usable=False), 410
    sign_in(secret)
    return redirect("/", 303)


def account():
    """Show one's own account."""
    return _account_page()


def _account_page(problem: Problem | None = None):
    session, actor = reading()
    if not actor.is_somebody:
        raise Unauthenticated(N_("Sign in to do this."))
    shown = people.readable(session, actor, actor.id)
    status = problem.status if problem else 200
    return render_template("accounts/account.html", person=shown.person, problem=problem), status


def password():
    """Set or change one's password; every other sign-in ends."""
    try:
        with writing() as (session, actor):
            people.set_password(session, actor, request.form.get("password", ""), present=request.form.get("present", ""))
            secret = sign_ins.start(session, actor.id)
    except (Invalid, TooMany) as problem:
        return _account_page(problem)
    sign_in(secret)
    flash(_("Your password is set. You were signed out everywhere else."))
    return redirect(url_for("accounts.account"), 303)


def elsewhere():
    """Sign out of every other browser."""
    with writing() as (session, actor):
        sign_ins.end_others(session, actor, own_secret())
    flash(_("You were signed out everywhere else."))
    return redirect(url_for("accounts.account"), 303)


def choose_language():
    """Choose the language of the pages: for good if signed in, else for this browser."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise Invalid(N_("Choose English or French."), field="language")
    if present().is_somebody:
        with writing() as (session, actor):
            people.choose_language(session, actor, chosen)
    return keep_language(redirect(local_path(request.form.get("next")) or "/", 303), chosen)


def person(id: str):
    """Show a person: their name, and the spaces one shares with them."""
    session, actor = reading()
    return render_template("accounts/person.html", shown=people.readable(session, actor, id))


def list_spaces():
    """List the spaces that one can read."""
    session, actor = reading()
    found, total = spaces.listed(session, actor, page_size=PAGE_SIZE)
    return render_template("accounts/spaces.html", spaces=found, total=total)
