"""The pages on which one message is reported, hidden and shown again, and a report settled."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.forms import attempt
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import require
from accounts.web import reading, writing
from core.errors import Problem
from discussions import hiding, posts, reporting
from discussions.forms import typed
from discussions.models import Post
from discussions.voices import said


def add_to(pages: Blueprint) -> None:
    """Add these pages to the practice's blueprint."""
    both = ["GET", "POST"]
    pages.add_url_rule("/posts/<id>/report", "report", report, methods=both)
    pages.add_url_rule("/posts/<id>/hide", "hide_post", hide_post, methods=both)
    pages.add_url_rule("/posts/<id>/unhide", "unhide_post", unhide_post, methods=["POST"])
    pages.add_url_rule("/reports/<id>/settle", "settle_report", settle_report, methods=["POST"])


def report(id: str):
    """Tell the animators of a message, with a word why."""
    session, actor = reading()
    found, place = posts.readable(session, actor, id)
    require(actor, Permission.TAKE_PART, place.space)
    if request.method != "POST":
        return _page("discussions/report.html", session, found, {"word": ""})
    word = typed("word")

    def verb(session: Session, actor):
        post, place = posts.readable(session, actor, id)
        return reporting.report(session, actor, post, place.space, word)

    _made, problem = attempt(verb)
    if problem:
        return _page("discussions/report.html", session, found, {"word": word}, problem), problem.status
    flash(_("The animators of this space are told."))
    return redirect(url_for("discussions.post", id=id), 303)


def hide_post(id: str):
    """Hide a message, with a reason."""
    session, actor = reading()
    found, place = posts.readable(session, actor, id)
    require(actor, Permission.MODERATE, place.space)
    if request.method != "POST":
        return _page("discussions/hide.html", session, found, {"reason": ""})
    reason = typed("reason")
    _made, problem = attempt(lambda session, actor: hiding.hide(session, actor, id, reason))
    if problem:
        return _page("discussions/hide.html", session, found, {"reason": reason}, problem), problem.status
    return redirect(_back(place.space, id), 303)


def unhide_post(id: str):
    """Show a hidden message again."""
    with writing() as (session, actor):
        hiding.unhide(session, actor, id)
    return redirect(url_for("discussions.post", id=id), 303)


def settle_report(id: str):
    """Say that a report was looked at and needs nothing more."""
    with writing() as (session, actor):
        space = session.get(Space, reporting.settle(session, actor, id).space_id)
    return redirect(url_for("desk.desk", slug=space.slug), 303)


def _back(space: Space, id: str) -> str:
    if request.form.get("back") == "desk":
        return url_for("desk.desk", slug=space.slug)
    return url_for("discussions.post", id=id)


def _page(template: str, session: Session, found: Post, words: dict, problem: Problem | None = None):
    back = "desk" if request.values.get("back") == "desk" else ""
    return render_template(template, said=said(session, Post.id == found.id)[0], typed=words, problem=problem, back=back)
