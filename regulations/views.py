"""The pages of a space's register of regulations."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import spaces
from accounts.actors import Actor
from accounts.forms import attempt
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import require
from accounts.web import reading
from core import clock
from core.errors import NotFound, Problem
from core.web import site
from regulations import clause_views, clauses, forms, lists, tables, texts
from regulations.coverage import coverage
from regulations.forms import CLAUSE_FIELDS, TEXT_FIELDS, typed
from regulations.lists import Brought
from regulations.models import Regulation
from regulations.texts import Place


def blueprint() -> Blueprint:
    """Return the register's pages."""
    pages = Blueprint("regulations", __name__)
    both = ["GET", "POST"]
    pages.add_url_rule("/spaces/<slug>/regulations", "register", register)
    pages.add_url_rule("/spaces/<slug>/regulations.csv", "export", export)
    pages.add_url_rule("/spaces/<slug>/regulations/new", "new", new, methods=both)
    pages.add_url_rule("/spaces/<slug>/regulations/list", "bring", bring, methods=both)
    pages.add_url_rule("/spaces/<slug>/regulations/<id>", "text", text, methods=both)
    pages.add_url_rule("/regulations/<id>/edit", "edit", edit, methods=both)
    pages.add_url_rule("/regulations/<id>/checked", "checked", checked, methods=["POST"])
    clause_views.add_to(pages)
    return pages


def register(slug: str):
    """Show a space's register: its texts, the clauses that nothing answers, and what is named but not there."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    return render_template(
        "regulations/register.html", space=space, texts=texts.listed(session, space), today=clock.today(site().library.zone),
        coverage=coverage(session, site().library, space),
    )


def export(slug: str) -> Response:
    """Answer the register as a list for spreadsheets."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    # The mark at the head tells spreadsheets that this is UTF-8.
    made = "\ufeff" + lists.taken_out(texts.listed(session, space), coverage(session, site().library, space))
    headers = {"Content-Disposition": f'attachment; filename="regulations-{space.slug}.csv"'}
    return Response(made, mimetype="text/csv", headers=headers)


def new(slug: str):
    """Add a text to the register."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    require(actor, Permission.KEEP_REGISTER, space)
    if request.method != "POST":
        return _editor(space, typed(*TEXT_FIELDS))

    def verb(session: Session, actor: Actor) -> Regulation:
        return texts.add(session, actor, spaces.by_slug(session, actor, slug), forms.text_facts())

    made, problem = attempt(verb)
    if problem:
        return _editor(space, typed(*TEXT_FIELDS), problem=problem), problem.status
    return redirect(url_for("regulations.text", slug=space.slug, id=made.id), 303)


def bring(slug: str):
    """Bring a list of clauses into the register, from a file or as pasted."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    require(actor, Permission.KEEP_REGISTER, space)
    if request.method != "POST":
        return render_template("regulations/bring.html", space=space, written="", problem=None)
    written = typed("csv")["csv"]
    try:
        written = _uploaded() or written
    except Problem as problem:
        return render_template("regulations/bring.html", space=space, written=written, problem=problem), problem.status

    def verb(session: Session, actor: Actor) -> Brought:
        return lists.bring(session, actor, spaces.by_slug(session, actor, slug), written)

    brought, problem = attempt(verb)
    if problem:
        return render_template("regulations/bring.html", space=space, written=written, problem=problem), problem.status
    flash(_told(brought))
    return redirect(url_for("regulations.register", slug=space.slug), 303)


def _uploaded() -> str:
    file = request.files.get("file")
    return tables.decoded(file.stream.read(tables.MOST_BYTES + 1)) if file else ""


def _told(brought: Brought) -> str:
    if not brought.is_anything:
        return _("Nothing in this list is new.")
    return _(
        "New texts: %(texts)s, new clauses: %(clauses)s, changed texts: %(other_texts)s, changed clauses: %(other_clauses)s.",
        texts=brought.new_texts, clauses=brought.new_clauses, other_texts=brought.changed_texts, other_clauses=brought.changed_clauses,
    )


def text(slug: str, id: str):
    """Show one text with its clauses and who answers them, and add a clause to it."""
    if request.method != "POST":
        return _text(slug, id, words={})

    def verb(session: Session, actor: Actor):
        return clauses.add(session, actor, _in_space(session, actor, slug, id).regulation.id, **typed(*CLAUSE_FIELDS))

    made, problem = attempt(verb)
    if problem:
        return _text(slug, id, words=typed(*CLAUSE_FIELDS), problem=problem), problem.status
    return redirect(url_for("regulations.text", slug=slug, id=id) + f"#c{made.id}", 303)


def _text(slug: str, id: str, *, words: dict, problem: Problem | None = None):
    session, actor = reading()
    place = _in_space(session, actor, slug, id)
    found = coverage(session, site().library, place.space)
    return render_template(
        "regulations/text.html",
        text=place.regulation, space=place.space, covered=found.of(place.regulation), holes=found.holes(place.regulation),
        checker=texts.checkers(session, [place.regulation]).get(place.regulation.id), today=clock.today(site().library.zone), typed=words,
        problem=problem,
    )


def edit(id: str):
    """Change what the register says of a text, or take it out."""
    session, actor = reading()
    place = texts.readable(session, actor, id)
    require(actor, Permission.KEEP_REGISTER, place.space)
    if request.method != "POST":
        return _editor(place.space, _shown(place.regulation), place.regulation)
    if request.form.get("then") == "drop":
        return _dropped(place)
    _made, problem = attempt(
        lambda session, actor: texts.edit(session, actor, id, forms.text_facts(), revision=forms.revision())
    )
    if problem:
        return _editor(place.space, typed(*TEXT_FIELDS), place.regulation, problem), problem.status
    return redirect(url_for("regulations.text", slug=place.space.slug, id=id), 303)


def _dropped(place: Place):
    _space, problem = attempt(lambda session, actor: texts.drop(session, actor, place.regulation.id))
    if problem:
        raise problem
    flash(_("Taken out of the register: %(title)s.", title=place.regulation.title))
    return redirect(url_for("regulations.register", slug=place.space.slug), 303)


def checked(id: str):
    """Record that somebody looked again whether a text changed."""
    session, actor = reading()
    place = texts.readable(session, actor, id)
    _made, problem = attempt(
        lambda session, actor: texts.look_again(session, site().library, actor, id, forms.day("next_check"))
    )
    if problem:
        return _text(place.space.slug, id, words=typed("next_check"), problem=problem), problem.status
    flash(_("Recorded: you looked at it today."))
    return redirect(url_for("regulations.text", slug=place.space.slug, id=id), 303)


def _in_space(session: Session, actor: Actor, slug: str, id: str) -> Place:
    place = texts.readable(session, actor, id)
    if place.space.slug != slug:
        raise NotFound()
    return place


def _editor(space: Space, words: dict, regulation: Regulation | None = None, problem: Problem | None = None):
    return render_template("regulations/edit.html", space=space, text=regulation, typed=words, problem=problem)


def _shown(regulation: Regulation) -> dict:
    said = {name: getattr(regulation, name) for name in TEXT_FIELDS}
    return {name: "" if value is None else str(value) for name, value in said.items()}
