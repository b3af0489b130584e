"""The pages of the practice: threads of a procedure and of a space, one thread whole, and what is done to them."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import spaces
from accounts.models import Space
from accounts.policy import Actor, Permission, require
from accounts.web import reading, writing
from core.errors import N_, Problem, Unauthenticated
from core.web import number_argument, site
from discussions import lists, post_views, threads
from discussions.checks import check
from discussions.citations import changes_of
from discussions.conversation import PAGE_SIZE as POSTS_PER_PAGE
from discussions.conversation import page_of_post
from discussions.forms import attempt, choice, typed
from discussions.models import KINDS, Thread
from discussions.placing import placements
from discussions.voices import voices
from wiki import procedures

PAGE_SIZE = 20
_TYPED = ("body", "title", "quote", "prefix", "suffix")


def blueprint() -> Blueprint:
    """Return the practice's pages."""
    pages = Blueprint("discussions", __name__)
    both = ["GET", "POST"]
    pages.add_url_rule("/procedures/<code>/threads", "procedure_threads", procedure_threads, methods=both)
    pages.add_url_rule("/spaces/<slug>/threads", "space_threads", space_threads, methods=both)
    pages.add_url_rule("/spaces/<slug>/announce", "announce", announce, methods=both)
    pages.add_url_rule("/ask", "ask", ask, methods=["POST"])
    pages.add_url_rule("/threads/<id>/accept", "accept", accept, methods=["POST"])
    pages.add_url_rule("/threads/<id>/close", "close", close, methods=["POST"])
    pages.add_url_rule("/threads/<id>/reopen", "reopen", reopen, methods=["POST"])
    pages.add_url_rule("/threads/<id>/check", "check_thread", check_thread, methods=["POST"])
    post_views.add_to(pages)
    return pages


def procedure_threads(code: str):
    """List every thread of a procedure, and open one on it."""
    if request.method != "POST":
        return _procedure_threads(code, words=_quoted_from())

    def verb(session: Session, actor: Actor) -> Thread:
        found = procedures.readable(session, actor, code)
        return threads.open_thread(session, site().library, actor, found.space, found.procedure, **_thread_fields())

    thread, problem = attempt(verb)
    if problem:
        return _procedure_threads(code, words=_typed(), problem=problem), problem.status
    return redirect(url_for("wiki.procedure", code=code.upper()) + f"#t{thread.id}", 303)


def _procedure_threads(code: str, *, words: dict, problem: Problem | None = None):
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    page = number_argument("page", 1)
    listed, total = lists.of_procedure(session, found.procedure, page=page, page_size=PAGE_SIZE)
    placed = placements(session, site().library, listed)
    changes = changes_of(session, actor, [thread.id for thread in listed])
    return render_template(
        "discussions/threads.html",
        code=found.procedure.code, space=found.space, total=total, page=page, page_size=PAGE_SIZE, typed=words,
        problem=problem, voices=voices(session, listed, placed, changes, found.procedure.code),
    )


def space_threads(slug: str):
    """List the threads of a space, and ask in it without naming a procedure."""
    if request.method != "POST":
        return _space_threads(slug, words={})
    thread, problem = attempt(_in_space(slug))
    if problem:
        return _space_threads(slug, words=_typed(), problem=problem), problem.status
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


def announce(slug: str):
    """Announce something to a space."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    require(actor, Permission.MODERATE, space)
    if request.method != "POST":
        return _announce(space, words={})
    thread, problem = attempt(_in_space(slug))
    if problem:
        return _announce(space, words=_typed(), problem=problem), problem.status
    return _to(thread)


def _announce(space: Space, *, words: dict, problem: Problem | None = None):
    return render_template(
        "discussions/say.html",
        title=_("Announce"), space=space, typed=words, problem=problem, kinds=("announcement",),
        action=url_for("discussions.announce", slug=space.slug), label=_("What should everybody here know?"),
    )


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
    thread, problem = attempt(_in_space(slug or open_to[0].slug))
    if problem:
        return _choose_space(open_to, problem), problem.status
    return _to(thread)


def _choose_space(open_to: list[Space], problem: Problem | None = None):
    words = _typed() | {"space": request.form.get("space", "")}
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
        back = post_views.place_to_return(place)
    return redirect(back, 303)


def _in_space(slug: str):
    def verb(session: Session, actor: Actor) -> Thread:
        space = spaces.by_slug(session, actor, slug)
        return threads.open_thread(session, site().library, actor, space, None, **_thread_fields())

    return verb


def _thread_fields() -> dict:
    return _typed() | {"kind": request.form.get("kind", "question")}


def _typed() -> dict:
    return {name: typed(name) for name in _TYPED}


def _quoted_from() -> dict:
    """Return the quote of the thread that `about` names, so that a new question can be about the same words."""
    about = request.args.get("about")
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
