"""The pages on which administrators look after people."""

from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import administering, administrators, alarms, bringing, letters_edge, pasted, people, roster, sign_ins
from accounts.actors import Actor
from accounts.bringing import Line
from accounts.forms import attempt, is_ticked, typed
from accounts.models import Person
from accounts.policy import require_administrator
from accounts.web import link_address, present, reading
from core.errors import Invalid, N_, Problem
from core.web import number_argument

PAGE_SIZE = 50
_FIELDS = ("name", "email", "team")


@dataclass(frozen=True)
class Handed:
    """A link to hand over: whose it is, and its address, which is shown once."""

    person: Person
    address: str


def add_to(pages: Blueprint) -> None:
    """Add these pages to the blueprint of the package."""
    both = ["GET", "POST"]
    pages.add_url_rule("/administration/people", "people", list_people)
    pages.add_url_rule("/administration/people.csv", "people_csv", people_csv)
    pages.add_url_rule("/administration/people/new", "new_person", new_person, methods=both)
    pages.add_url_rule("/administration/people/list", "bring_people", bring_people, methods=both)
    pages.add_url_rule("/administration/people/<id>", "administered_person", administered_person, methods=both)
    pages.add_url_rule("/administration/people/<id>/act", "person_act", person_act, methods=["POST"])


def list_people():
    """List people: searched, by kind, page by page; and the accounts at which wrong passwords were tried."""
    session, actor = reading()
    q, kind, page = request.args.get("q", ""), request.args.get("kind", ""), number_argument("page", 1)
    listed, total = roster.listed(session, actor, q=q, kind=kind, page=page, page_size=PAGE_SIZE)
    return render_template(
        "accounts/people.html", listed=listed, total=total, q=q, kind=kind, page=page, page_size=PAGE_SIZE,
        alarms=alarms.of_late(session, actor), kinds=roster.KINDS,
    )


def people_csv() -> Response:
    """Answer everybody as a table for spreadsheets."""
    session, actor = reading()
    headers = {"Content-Disposition": 'attachment; filename="people.csv"'}
    # The mark at the head tells spreadsheets that this is UTF-8.
    return Response("\ufeff" + roster.table(session, actor), mimetype="text/csv", headers=headers)


def new_person():
    """Add one person, and show the link that lets them in."""
    session, actor = reading()
    require_administrator(actor)
    if request.method != "POST":
        return _new_page()

    def verb(session: Session, actor: Actor) -> Handed:
        person = people.add(session, actor, **typed(*_FIELDS), guest=is_ticked("guest"), administrator=is_ticked("administrator"))
        return Handed(person, link_address(sign_ins.add_link(session, actor, person)))

    handed, problem = attempt(verb)
    return (_new_page(problem), problem.status) if problem else _handed_page([handed])


def _new_page(problem: Problem | None = None):
    ticked = {name: is_ticked(name) for name in ("guest", "administrator")}
    return render_template("accounts/new_person.html", typed=typed(*_FIELDS), ticked=ticked, problem=problem)


def bring_people():
    """Look at what a pasted list would do, then do it."""
    session, actor = reading()
    require_administrator(actor)
    if request.method != "POST":
        return render_template("accounts/bring_people.html", written="", lines=None, problem=None)
    written = typed("list")["list"]
    try:
        written = _uploaded() or written
        asked = pasted.read(written)
        if request.form.get("then") != "add":
            lines = bringing.look(session, actor, asked)
            return render_template("accounts/bring_people.html", written=written, lines=lines, problem=None)
    except Problem as problem:
        return render_template("accounts/bring_people.html", written=written, lines=None, problem=problem), problem.status
    brought, problem = attempt(lambda session, actor: bringing.bring(session, actor, asked))
    if problem:
        return render_template("accounts/bring_people.html", written=written, lines=None, problem=problem), problem.status
    return _handed_page([Handed(line.person, link_address(line.secret)) for line in brought if line.secret], brought)


def _uploaded() -> str:
    file = request.files.get("file")
    return file.stream.read(4 * pasted.MOST_CHARACTERS).decode("utf-8-sig", "replace") if file else ""


def administered_person(id: str):
    """Show one person with what can be done about them, or correct their name, address and team."""
    if request.method != "POST":
        return _person_page(id)
    changed, problem = attempt(
        lambda session, actor: administering.edit(session, actor, administering.person(session, actor, id), **typed(*_FIELDS))
    )
    if problem:
        return _person_page(id, problem), problem.status
    flash(_("It is saved.") if changed else _("Nothing was new."))
    return redirect(url_for("accounts.administered_person", id=id), 303)


def _person_page(id: str, problem: Problem | None = None):
    session, actor = reading()
    person = administering.person(session, actor, id)
    shown = typed(*_FIELDS) if request.method == "POST" and "name" in request.form else {name: getattr(person, name) for name in _FIELDS}
    return render_template(
        "accounts/administered_person.html", one=roster.one(session, person), person=person, typed=shown, problem=problem,
        held=roster.roles_of(session, person),
    )


def person_act(id: str):
    """Do one thing about somebody: the button says which."""
    act = request.form.get("act", "")
    if act not in _ACTS:
        raise Invalid(N_("Say what to do."), field="act")
    verb, said = _ACTS[act]

    def act_on(session: Session, actor: Actor):
        person = administering.person(session, actor, id)
        return person, verb(session, actor, person)

    done, problem = attempt(act_on)
    if problem:
        return _person_page(id, problem), problem.status
    person, made = done
    if act in ("link", "reset"):
        return _handed_page([Handed(person, link_address(made))])
    flash(_(said, name=person.name))
    return redirect(_after(person), 303)


def _after(person: Person) -> str:
    # Whoever gave up the office themselves can no longer read the pages of administrators.
    gave_up = person.id == present().id and person.administrator_since is None
    return url_for("accounts.account") if gave_up else url_for("accounts.administered_person", id=person.id)


_ACTS = {
    "disable": (people.disable, N_("%(name)s was disabled: every sign-in and token ended.")),
    "enable": (administering.enable, N_("%(name)s can come in again. Make a link, or let them use their password.")),
    "appoint": (administrators.appoint, N_("%(name)s administers the site from now on.")),
    "dismiss": (administrators.dismiss, N_("%(name)s no longer administers the site.")),
    "guest": (administering.make_guest, N_("%(name)s is a guest from now on.")),
    "employee": (administering.make_employee, N_("%(name)s is an employee from now on.")),
    "link": (sign_ins.add_link, ""),
    "reset": (administering.reset_password, ""),
}


def _handed_page(handed: list[Handed], lines: list[Line] | None = None):
    """Show links once, and send each by mail where the site sends mail."""
    sent = letters_edge.are_sent() and bool(handed)
    if sent:
        letters = [letters_edge.welcome(one.person, one.address) for one in handed]
        letters_edge.send_later(lambda: letters, str(get_locale()))
    return render_template("accounts/handed.html", handed=handed, sent=sent, lines=lines)
