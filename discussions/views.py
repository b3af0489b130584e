"""The pages of the practice: threads of a procedure and of a space, one thread whole, and what is done to them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts import acquaintances, spaces
from accounts.models import Space
from accounts.web import reading, writing
from core.errors import N_, Problem, Unauthenticated
from core.web import number_argument, site, takes_files
from discussions import asking_views, gap_views, lists, live_views, mentions, message_views, moderation_views, passage_views, picture_views, post_views, threads
from discussions.asking_views import in_space, on_procedure, typed_words
from discussions.checks import check
from discussions.citations import changes_of
from discussions.conversation import PAGE_SIZE as POSTS_PER_PAGE
from discussions.conversation import page_of_post
from discussions.forms import choice
from discussions.models import KINDS, Thread
from discussions.placing import placements
from discussions.voices import changeable, voices
from wiki import procedures

PAGE_SIZE = 20


def blueprint() -> Blueprint:
    """Return the practice's pages."""
    pages = Blueprint("discussions", __name__)
    both = ["GET", "POST"]
    pages.add_url_rule("/procedures/<code>/threads", "procedure_threads", procedure_threads, methods=both)
    pages.add_url_rule("/spaces/<slug>/threads", "space_threads", space_threads, methods=both)
    pages.add_url_rule("/ask", "ask", ask, methods=["POST"])
    pages.add_url_rule("/threads/<id>/accept", "accept", accept, methods=["POST"])
    pages.add_url_rule("/threads/<id>/close", "close", close, methods=["POST"])
    pages.add_url_rule("/threads/<id>/reopen", "reopen", reopen, methods=["POST"])
    pages.add_url_rule("/threads/<id>/check", "check_thread", check_thread, methods=["POST"])
    asking_views.add_to(pages)
    passage_views.add_to(pages)
    post_views.add_to(pages)
    message_views.add_to(pages)
    picture_views.add_to(pages)
    moderation_views.add_to(pages)
    gap_views.add_to(pages)
    live_views.add_to(pages)
    return pages


@takes_files
def procedure_threads(code: str):
    """List every thread of a procedure, and open one on it, perhaps with pictures."""
    if request.method != "POST":
        return _procedure_threads(code, words=_begun(code))
    thread, problem = on_procedure(code)
    if problem:
        return _procedure_threads(code, words=typed_words(), problem=problem), problem.status
    return redirect(url_for("wiki.procedure", code=code.upper()) + f"#t{thread.id}", 303)


def _procedure_threads(code: str, *, words: dict, problem: Problem | None = None):
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    page = number_argument("page", 1)
    listed, total = lists.of_procedure(session, found.procedure, page=page, page_size=PAGE_SIZE)
    placed = placements(session, site().library, listed)
    changes = changes_of(session, actor, [thread.id for thread in listed])
    standing = procedures.standing_of(session, found.procedure, site().library)
    return render_template(
        "discussions/threads.html",
        code=found.procedure.code, space=found.space, total=total, page=page, page_size=PAGE_SIZE, typed=words,
        problem=problem,
        voices=voices(session, listed, placed, changes, changeable(found.procedure, standing), standing.day),
    )


@takes_files
def space_threads(slug: str):
    """List the threads of a space, and ask in it without naming a procedure, perhaps with pictures."""
    if request.method != "POST":
        return _space_threads(slug, words={})
    thread, problem = in_space(slug)
    if problem:
        return _space_threads(slug, words=typed_words(), problem=problem), problem.status
    return _to(thread)


def _space_threads(slug: str, *, words: dict, problem: Problem | None = None):
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    page, kind, state = number_argument("page", 1), choice("kind", KINDS), choice("state", lists.STATES)
    found, total = lists.of_space(session, space, kind=kind, state=state, page=page, page_size=PAGE_SIZE)
    return render_template(
        "discussions/space_threads.html",
        space=space, listed=lists.listed(session, found), total=total, page=page, page_size=PAGE_SIZE, kind=kind,
        state=state, typed=words, problem=problem,
    )


@takes_files
def ask():
    """Make a question of words that a search did not answer: on a procedure, or in the space where people could know."""
    code, slug = request.form.get("code", "").strip(), request.form.get("space", "").strip()
    if code:
        return procedure_threads(code)
    session, actor = reading()
    if not actor.is_somebody:
        raise Unauthenticated(N_("Sign in to do this."))
    open_to = lists.spaces_to_ask_in(session, actor)
    if not slug and len(open_to) != 1:
        return _choose_space(open_to)
    thread, problem = in_space(slug or open_to[0].slug)
    if problem:
        return _choose_space(open_to, problem), problem.status
    return _to(thread)


def _choose_space(open_to: list[Space], problem: Problem | None = None):
    words = typed_words() | {"space": request.form.get("space", "")}
    return render_template("discussions/say.html", title=_("Ask"), space=None, spaces=open_to, typed=words, problem=problem)


def accept(id: str):
    """Accept a reply as the answer; no reply takes the acceptance back."""
    with writing() as (session, actor):
        thread = threads.readable(session, actor, id).thread
        threads.accept(session, actor, thread, request.form.get("post") or None)
    return _to(thread, thread.accepted_post_id)


def close(id: str):
    """Close a thread."""
    with writing() as (session, actor):
        thread = threads.close(session, actor, threads.readable(session, actor, id).thread)
    return _to(thread)


def reopen(id: str):
    """Open a closed thread again."""
    with writing() as (session, actor):
        thread = threads.reopen(session, actor, threads.readable(session, actor, id).thread)
    return _to(thread)


def check_thread(id: str):
    """Say whether a thread still holds after its words changed."""
    with writing() as (session, actor):
        place = threads.readable(session, actor, id)
        check(session, site().library, actor, place.thread, request.form.get("verdict", ""))
        still_waits = placements(session, site().library, [place.thread])[place.thread.id].needs_check
        back = post_views.place_to_return(place)
    if not still_waits:
        return redirect(back, 303)
    # The page it was asked on is shown alike to everybody, so it cannot say that this person has answered.
    flash(_("Thank you. It is settled once one more person, its author or an animator says the same."))
    return _to(place.thread)


def _begun(code: str) -> dict:
    """Return how a new question begins: with the words of the thread that `about` names or of the passage `at` a number, or
    with the name of whom to `ask`.
    """
    if "at" in request.args:
        return passage_views.chosen(code, number_argument("at", 1))
    about, asked = request.args.get("about"), request.args.get("ask")
    if asked:
        session, actor = reading()
        person, space = acquaintances.readable(session, actor, asked).person, procedures.readable(session, actor, code).space
        return {"body": f"@{mentions.written(session, actor, space, person)} "}
    if not about:
        return {}
    session, actor = reading()
    thread = threads.readable(session, actor, about).thread
    return {"quote": thread.quote, "prefix": thread.prefix[-200:], "suffix": thread.suffix[:200]}


def _to(thread: Thread, post_id: str | None = None):
    session, actor = reading()
    page = page_of_post(session, actor, thread, post_id) if post_id and thread.last_number > POSTS_PER_PAGE else 1
    where = {"page": page} if page > 1 else {}
    return redirect(url_for("discussions.thread", id=thread.id, **where) + (f"#p{post_id}" if post_id else ""), 303)
