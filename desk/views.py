"""The pages of the desk: what waits for an animator, what waits for a check, and what was hidden."""

from flask import Blueprint, redirect, render_template, url_for

from accounts import spaces
from accounts.web import reading, writing
from core import clock
from core.errors import N_, Unauthenticated
from core.web import number_argument, site
from desk.desk import desk, hidden_of
from desk.proposing import proposer
from discussions import waiting
from discussions.sorting import choices
from search import missed
from search.index import Index

PAGE_SIZE = 20


def blueprint(index: Index) -> Blueprint:
    """Return the pages of the desk; `index` proposes where a thread belongs."""
    pages = Blueprint("desk", __name__)

    def show(slug: str):
        """Show what a space needs from whoever animates it, each with its act."""
        session, actor = reading()
        space = spaces.by_slug(session, actor, slug)
        found = desk(session, site().library, actor, space, proposer(session, site(), index))
        return render_template(
            "desk/desk.html", desk=found, space=space, today=clock.today(site().library.zone),
            codes=choices(session, site().library, space),
        )

    pages.add_url_rule("/spaces/<slug>/desk", "desk", show)
    pages.add_url_rule("/spaces/<slug>/checks", "checks", checks)
    pages.add_url_rule("/checks", "own_checks", own_checks)
    pages.add_url_rule("/spaces/<slug>/hidden", "hidden", hidden)
    pages.add_url_rule("/searches/<id>/forget", "forget", forget, methods=["POST"])
    return pages


def checks(slug: str):
    """List the threads of a space that wait for a check, because the words they were about changed."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    page = number_argument("page", 1)
    found = waiting.of_space(session, site().library, space, page=page, page_size=PAGE_SIZE)
    return render_template("desk/checks.html", space=space, checks=found, page=page, page_size=PAGE_SIZE)


def own_checks():
    """List the threads that the reader opened, in any space, and that wait for a check."""
    session, actor = reading()
    if not actor.is_somebody:
        raise Unauthenticated(N_("Sign in to do this."))
    page = number_argument("page", 1)
    found = waiting.of_person(session, site().library, actor, page=page, page_size=PAGE_SIZE)
    return render_template("desk/checks.html", space=None, checks=found, page=page, page_size=PAGE_SIZE)


def hidden(slug: str):
    """List what was hidden in a space, for its animators and auditors."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    return render_template("desk/hidden.html", space=space, hidden=hidden_of(session, actor, space))


def forget(id: str):
    """Put a search that found nothing away."""
    with writing() as (session, actor):
        space = missed.forget(session, actor, id)
    return redirect(url_for("desk.desk", slug=space.slug), 303)
