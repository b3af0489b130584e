"""Asking: a thread is opened with what was typed and the pictures that came with it, in a space, on a procedure, or to all."""

from collections.abc import Callable, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import spaces
from accounts.actors import Actor
from accounts.forms import attempt
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import require
from accounts.web import reading
from core.errors import Problem
from core.text import day
from core.web import site, takes_files
from discussions import moderating, picture_views, pictures, threads
from discussions.forms import typed
from discussions.models import Thread
from wiki import procedures
from wiki.attached import Attachment
from wiki.models import Procedure

_TYPED = ("body", "title", "quote", "prefix", "suffix")


def add_to(pages: Blueprint) -> None:
    """Add this page to the practice's blueprint."""
    pages.add_url_rule("/spaces/<slug>/announce", "announce", announce, methods=["GET", "POST"])


@takes_files
def announce(slug: str):
    """Announce something to a space."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    require(actor, Permission.MODERATE, space)
    if request.method != "POST":
        return _announce(space, words={})
    until = typed("until").strip()

    def pinned(session: Session, actor: Actor, thread: Thread) -> Thread:
        return moderating.pin(session, site().library, actor, thread, day(until, field="until")) if until else thread

    thread, problem = in_space(slug, pinned)
    if problem:
        return _announce(space, words=typed_words() | {"until": until}, problem=problem), problem.status
    return redirect(url_for("discussions.thread", id=thread.id), 303)


def _announce(space: Space, *, words: dict, problem: Problem | None = None):
    return render_template(
        "discussions/say.html",
        title=_("Announce"), space=space, typed=words, problem=problem, kinds=("announcement",),
        action=url_for("discussions.announce", slug=space.slug), label=_("What should everybody here know?"),
    )


def in_space(slug: str, then: Callable | None = None) -> tuple[Thread | None, Problem | None]:
    """Open a thread on no procedure with what was typed and brought, and do something more with it; or return the problem."""
    files, problem = picture_views.brought(spaces.by_slug(*reading(), slug))

    def verb(session: Session, actor: Actor) -> Thread:
        thread = opened(session, actor, spaces.by_slug(session, actor, slug), None, files)
        return then(session, actor, thread) if then else thread

    return (None, problem) if problem else attempt(verb)


def on_procedure(code: str) -> tuple[Thread | None, Problem | None]:
    """Open a thread on a procedure with what was typed and brought, or return the problem."""
    files, problem = picture_views.brought(procedures.readable(*reading(), code).space)

    def verb(session: Session, actor: Actor) -> Thread:
        found = procedures.readable(session, actor, code)
        return opened(session, actor, found.space, found.procedure, files)

    return (None, problem) if problem else attempt(verb)


def opened(session: Session, actor: Actor, space: Space, procedure: Procedure | None, files: Sequence[Attachment]) -> Thread:
    """Open a thread with what was typed, and put the pictures with its first post. Raises: as `threads.open_thread` and `pictures.add`."""
    words = typed_words() | {"kind": request.form.get("kind", "question")}
    thread = threads.open_thread(session, site().library, actor, space, procedure, **words)
    if files:
        pictures.add(session, actor, threads.first_post(session, thread).id, files)
    return thread


def typed_words() -> dict:
    """Return what was typed of a thread."""
    return {name: typed(name) for name in _TYPED}
