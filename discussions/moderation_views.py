"""The page on which animators sort one thread, and what they do to it, from there or from their desk."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.forms import attempt
from accounts.permissions import Permission
from accounts.policy import require
from accounts.web import reading
from core.errors import Invalid, N_, Problem
from core.text import day
from core.web import site
from discussions import attaching, merging, moderating, routing, threads
from discussions.forms import typed
from discussions.lists import listed
from discussions.models import Thread
from discussions.sorting import choices

_FIELDS = ("reason", "until", "into", "code", "name")


def add_to(pages: Blueprint) -> None:
    """Add these pages to the practice's blueprint."""
    pages.add_url_rule("/threads/<id>/moderate", "moderate", moderate)
    for name, act in _ACTS.items():
        pages.add_url_rule(f"/threads/<id>/{name}", name, _view(name, act), methods=["POST"])


def moderate(id: str):
    """Show what an animator can do with a thread."""
    return _page(id)


def _page(id: str, *, tried: str = "", words: dict | None = None, problem: Problem | None = None):
    session, actor = reading()
    place = threads.readable(session, actor, id)
    require(actor, Permission.MODERATE, place.space)
    known = routing.helpers(session, place.space, [place.procedure.id]) if place.procedure else {}
    return render_template(
        "discussions/moderate.html",
        thread=listed(session, [place.thread])[0], row=place.thread, space=place.space, procedure=place.procedure,
        helpers=known.get(place.procedure.id, []) if place.procedure else [], codes=choices(session, site().library, place.space),
        tried=tried, typed=words or {}, problem=problem, back=_back(),
    )


def _view(name: str, act: Callable):
    def view(id: str):
        done, problem = attempt(lambda session, actor: act(session, actor, threads.readable(session, actor, id).thread))
        if problem:
            return _page(id, tried=name, words={field: typed(field) for field in _FIELDS}, problem=problem), problem.status
        return redirect(_after(done), 303)

    view.__doc__ = act.__doc__
    return view


def _after(thread: Thread) -> str:
    session, actor = reading()
    if _back() == "desk":
        return url_for("desk.desk", slug=threads.readable(session, actor, thread.id).space.slug)
    return url_for("discussions.thread", id=thread.id)


def _back() -> str:
    return "desk" if request.values.get("back") == "desk" else "thread"


def _lock(session: Session, actor: Actor, thread: Thread) -> Thread:
    """Lock a thread."""
    return moderating.lock(session, actor, thread)


def _unlock(session: Session, actor: Actor, thread: Thread) -> Thread:
    """Unlock a thread."""
    return moderating.unlock(session, actor, thread)


def _pin(session: Session, actor: Actor, thread: Thread) -> Thread:
    """Pin a thread through a day."""
    return moderating.pin(session, site().library, actor, thread, day(typed("until"), field="until"))


def _unpin(session: Session, actor: Actor, thread: Thread) -> Thread:
    """Take a pin off."""
    return moderating.unpin(session, actor, thread)


def _hide(session: Session, actor: Actor, thread: Thread) -> Thread:
    """Hide a thread with a reason."""
    return moderating.hide(session, actor, thread, typed("reason"))


def _unhide(session: Session, actor: Actor, thread: Thread) -> Thread:
    """Show a hidden thread again."""
    return moderating.unhide(session, actor, thread)


def _merge(session: Session, actor: Actor, thread: Thread) -> Thread:
    """Merge a thread into another of its space."""
    return merging.merge(session, actor, thread, typed("into"))


def _attach(session: Session, actor: Actor, thread: Thread) -> Thread:
    """Attach a thread to a procedure of its space, or to none."""
    return attaching.attach(session, site().library, actor, thread, typed("code") or None)


def _route(session: Session, actor: Actor, thread: Thread) -> Thread:
    """Ask somebody who may know to look at a thread: one who was suggested, or by name."""
    return routing.ask_somebody(session, actor, thread, request.form.get("person") or _named(session, actor, thread))


def _named(session: Session, actor: Actor, thread: Thread) -> str:
    place, name = threads.readable(session, actor, thread.id), " ".join(typed("name").split())
    found = routing.names_able(session, place.space, name) if name and "\x00" not in name else []
    if not found:
        raise Invalid(N_("Nobody of this name can take part in this space."), field="name")
    if len(found) > 1:
        raise Invalid(N_("Several people have this name. Ask one of them from their page."), field="name")
    return found[0].id


_ACTS = {
    "lock": _lock, "unlock": _unlock, "pin": _pin, "unpin": _unpin, "hide": _hide, "unhide": _unhide, "merge": _merge,
    "attach": _attach, "route": _route,
}
