"""The page of one thread, and what is done to its posts."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.forms import attempt
from accounts.permissions import Permission
from accounts.policy import may, require
from accounts.web import reading, writing
from core import clock
from core.catalogue import sentence
from core.errors import Denied, N_, Problem
from core.web import number_argument, site, takes_files
from discussions import gaps, picture_views, pictures, posts, threads
from discussions.citations import changes_of
from discussions.conversation import PAGE_SIZE, Turn, page_of_post, turns
from discussions.forms import typed
from discussions.hiding import words_behind
from discussions.models import Post, Thread
from discussions.placing import placements
from discussions.telling import told_of
from discussions.threads import Place
from discussions.voices import Said, changeable, names_of, said, voices
from wiki import procedures

_MOST_QUOTED = 1_000


def add_to(pages: Blueprint) -> None:
    """Add these pages to the practice's blueprint."""
    both = ["GET", "POST"]
    pages.add_url_rule("/threads/<id>", "thread", thread)
    pages.add_url_rule("/threads/<id>/posts", "reply", reply, methods=["POST"])
    pages.add_url_rule("/posts/<id>", "post", post)
    pages.add_url_rule("/posts/<id>/edit", "edit", edit, methods=both)
    pages.add_url_rule("/posts/<id>/erase", "erase", erase, methods=both)
    pages.add_url_rule("/posts/<id>/history", "history", history)
    pages.add_url_rule("/posts/<id>/useful", "useful", useful, methods=["POST"])


def thread(id: str):
    """Show a thread whole: every answer under what it answers."""
    return _thread_page(id, answering=request.args.get("answer"))


def _thread_page(id: str, *, answering: str | None, words: dict | None = None, problem: Problem | None = None):
    session, actor = reading()
    place = threads.readable(session, actor, id)
    if place.thread.id != id:       # it was merged, and its old address leads on
        return redirect(url_for("discussions.thread", id=place.thread.id), 301)
    page = number_argument("page", 1)
    found = turns(session, actor, place.thread, page)
    shown = found.shown
    today = clock.today(site().library.zone)
    placed = placements(session, site().library, [place.thread])
    (voice,) = voices(session, [place.thread], placed, changes_of(session, actor, [id]), _code(session, place), today)
    return render_template(
        "discussions/thread.html",
        thread=place.thread, space=place.space, procedure=place.procedure, voice=voice, turns=shown,
        answering=answering if any(turn.said.post.id == answering for turn in shown) else None,
        total=found.total, page=page, page_size=PAGE_SIZE, typed=words or _quoted(shown, answering), problem=problem,
        **_ends(session, place.thread), told=told_of(session, [place.thread]).get(place.thread.id, ()),
        behind=words_behind(session, actor, place.space, [turn.said.post for turn in shown]), today=today,
        gap=gaps.parts_of(session, place.thread) if place.thread.kind == "gap" else {},
        may_say=gaps.may_say(session, site().library, actor, place),
        settles=threads.may_settle(actor, place), moderates=may(actor, Permission.MODERATE, place.space),
        may_take_part=may(actor, Permission.TAKE_PART, place.space), token=generate_csrf(),
    )


def _code(session: Session, place: Place) -> str | None:
    """Return the code of the procedure that this thread could change."""
    return changeable(place.procedure, procedures.standing_of(session, place.procedure, site().library)) if place.procedure else None


def _quoted(shown: Sequence[Turn], answering: str | None) -> dict:
    """Return the words of the post that is answered as a quotation, if that was asked for, ready to be written under."""
    said = next((turn.said for turn in shown if turn.said.post.id == answering), None)
    if said is None or not request.args.get("quote"):
        return {}
    lines = said.post.body[:_MOST_QUOTED].splitlines()
    return {"body": "\n".join(f"> {line}" for line in lines) + "\n\n"}


def _ends(session: Session, thread: Thread) -> dict:
    """Return the names of who closed, locked and hid a thread."""
    names = names_of(session, [thread.closed_by, thread.locked_by, thread.hidden_by])
    return {"closer": names.get(thread.closed_by), "locker": names.get(thread.locked_by), "hider": names.get(thread.hidden_by)}


@takes_files
def reply(id: str):
    """Answer a thread, or one of its posts, perhaps with pictures."""
    body, parent = typed("body"), request.form.get("parent") or None
    session, actor = reading()
    files, problem = picture_views.brought(threads.readable(session, actor, id).space)

    def verb(session: Session, actor: Actor) -> Post:
        made = posts.reply(session, actor, threads.readable(session, actor, id).thread, body, parent)
        return pictures.add(session, actor, made.id, files) if files else made

    made, problem = (None, problem) if problem else attempt(verb)
    if problem:
        return _thread_page(id, answering=parent, words={"body": body}, problem=problem), problem.status
    return redirect(url_for("discussions.post", id=made.id), 303)


def post(id: str):
    """Lead to a post in its place, or to the box that answers it there."""
    session, actor = reading()
    found, place = posts.readable(session, actor, id)
    page = page_of_post(session, actor, place.thread, found.id)
    where = {"page": page} if page > 1 else {}
    if "answer" in request.args:
        return redirect(url_for("discussions.thread", id=place.thread.id, answer=found.id, **where) + "#answer", 303)
    return redirect(url_for("discussions.thread", id=place.thread.id, **where) + f"#p{found.id}", 303)


@takes_files
def edit(id: str):
    """Change one's own words, and add pictures to them."""
    session, actor = reading()
    found, place = posts.readable(session, actor, id)
    require(actor, Permission.TAKE_PART, place.space)
    if found.author_id != actor.id:
        raise Denied(N_("Only the person who wrote a message can change it."))
    held = _said(session, found).pictures
    if request.method != "POST":
        return render_template("discussions/edit.html", post=found, pictures=held, space=place.space, typed={"body": found.body}, problem=None)
    body = typed("body")
    files, problem = picture_views.brought(place.space)

    def verb(session: Session, actor: Actor) -> Post:
        posts.edit(session, actor, id, body)
        return pictures.add(session, actor, id, files) if files else found

    problem = problem or attempt(verb)[1]
    if problem:
        shown = render_template("discussions/edit.html", post=found, pictures=held, space=place.space, typed={"body": body}, problem=problem)
        return shown, problem.status
    return redirect(url_for("discussions.post", id=id), 303)


def erase(id: str):
    """Erase a message, with a reason."""
    session, actor = reading()
    found, place = posts.readable(session, actor, id)
    require(actor, Permission.TAKE_PART, place.space)
    if found.author_id != actor.id and not may(actor, Permission.MODERATE, place.space):
        raise Denied(N_("Only the person who wrote a message, or an animator, can erase it."))
    if request.method != "POST":
        return render_template("discussions/erase.html", said=_said(session, found), typed={"reason": ""}, problem=None)
    reason = typed("reason")
    _, problem = attempt(lambda session, actor: posts.erase(session, actor, id, reason))
    if problem:
        shown = render_template("discussions/erase.html", said=_said(session, found), typed={"reason": reason}, problem=problem)
        return shown, problem.status
    return redirect(url_for("discussions.post", id=id), 303)


def history(id: str):
    """Show the words a post had before each edit."""
    session, actor = reading()
    found, place = posts.readable(session, actor, id)
    return render_template(
        "discussions/history.html", said=_said(session, found), thread=place.thread,
        edits=posts.edits_of(session, found, sees_hidden=may(actor, Permission.SEE_HIDDEN, place.space)),
    )


def useful(id: str):
    """Say that a post was useful, or take it back."""
    try:
        with writing() as (session, actor):
            posts.mark_useful(session, actor, id, useful=request.form.get("useful") != "0")
    except Denied as refused:
        # The page of a procedure is kept alike for everybody, so the button stands under one's own words there too.
        if request.form.get("back") != "procedure" or not _is_own(id):
            raise
        flash(sentence(refused))
    session, actor = reading()
    found, place = posts.readable(session, actor, id)
    return redirect(place_to_return(place, found.id), 303)


def _is_own(id: str) -> bool:
    session, actor = reading()
    return posts.readable(session, actor, id).post.author_id == actor.id


def place_to_return(place: Place, post_id: str | None = None) -> str:
    """Return the address of the page that a form was on, at the same place: `back` names the page, never an address."""
    at = f"#t{place.thread.id}"
    if place.procedure and request.form.get("back") == "procedure":
        return url_for("wiki.procedure", code=place.procedure.code) + at
    if place.procedure and request.form.get("back") == "threads":
        return url_for("discussions.procedure_threads", code=place.procedure.code) + at
    if post_id:
        return url_for("discussions.post", id=post_id)
    return url_for("discussions.thread", id=place.thread.id)


def _said(session: Session, found: Post) -> Said:
    return said(session, Post.id == found.id)[0]

