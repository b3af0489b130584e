"""What animators do, in the JSON API, and the reporting of messages."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.permissions import Permission
from accounts.policy import require
from accounts.web import reading, writing
from core import clock
from core.api import Day, Endpoint
from core.web import site
from discussions import attaching, hiding, merging, moderating, posts, reporting, routing, threads
from discussions.answers import PersonAnswer, PostAnswer, ThreadAnswer
from discussions.care import Report
from discussions.models import Post, Thread
from discussions.shapes import post_shape, thread_shape
from discussions.telling import told_of
from discussions.voices import said


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class WhyBody(_Body):
    """Why something is hidden: one line, shown to everybody who reads the thread."""

    reason: str


class PinBody(_Body):
    """Through which day a thread stays on top."""

    until: Day


class MergeBody(_Body):
    """Into which thread of the same space another goes."""

    into: str = Field(max_length=200)


class AttachBody(_Body):
    """To which procedure of its space a thread goes; null to none."""

    code: str | None = Field(max_length=24)


class RouteBody(_Body):
    """Who is asked to look at a thread."""

    person: str = Field(max_length=16)


class ReportBody(_Body):
    """A word why a message is reported."""

    word: str


class ReportAnswer(BaseModel):
    """A report of a message, and who settled it when."""

    id: str
    post: str
    word: str
    at: str
    settled_at: str | None


class HelperAnswer(BaseModel):
    """Somebody who helped on a procedure."""

    id: str
    name: str
    accepted: int
    useful: int


class HelpersAnswer(BaseModel):
    """Who may know, who helped most first."""

    items: list[HelperAnswer]


class ToldAnswer(BaseModel):
    """One thing that was done to a thread."""

    act: Literal[
        "lock_thread", "unlock_thread", "pin_thread", "unpin_thread", "hide_thread", "unhide_thread", "hide_post", "unhide_post",
        "merge_thread", "join_thread", "attach_thread", "ask_somebody",
    ]
    by: PersonAnswer
    at: str
    reason: str
    told: dict


class ToldsAnswer(BaseModel):
    """What was done to a thread, the oldest first."""

    items: list[ToldAnswer]


def lock(id: str) -> dict:
    """Lock a thread: it takes no answer and no edit."""
    return _done(id, moderating.lock)


def unlock(id: str) -> dict:
    """Take the lock off a thread."""
    return _done(id, moderating.unlock)


def pin(id: str, body: PinBody) -> dict:
    """Keep a thread on top through a day."""
    return _done(id, lambda session, actor, thread: moderating.pin(session, site().library, actor, thread, body.until))


def unpin(id: str) -> dict:
    """Take the pin off a thread."""
    return _done(id, moderating.unpin)


def hide(id: str, body: WhyBody) -> dict:
    """Hide a thread, with a reason."""
    return _done(id, moderating.hide, body.reason)


def unhide(id: str) -> dict:
    """Show a hidden thread again."""
    return _done(id, moderating.unhide)


def merge(id: str, body: MergeBody) -> dict:
    """Merge a thread into another of its space, and answer with that one."""
    return _done(id, merging.merge, body.into)


def attach(id: str, body: AttachBody) -> dict:
    """Attach a thread to a procedure of its space, or to none."""
    return _done(id, lambda session, actor, thread: attaching.attach(session, site().library, actor, thread, body.code))


def route(id: str, body: RouteBody) -> dict:
    """Ask somebody who may know to look at a thread."""
    return _done(id, routing.ask_somebody, body.person)


def helpers(id: str) -> dict:
    """List who helped on a thread's procedure before."""
    session, actor = reading()
    place = threads.readable(session, actor, id)
    require(actor, Permission.MODERATE, place.space)
    found = routing.helpers(session, place.space, [place.procedure.id]).get(place.procedure.id, []) if place.procedure else []
    return {"items": [{"id": one.id, "name": one.name, "accepted": one.accepted, "useful": one.useful} for one in found]}


def told(id: str) -> dict:
    """List what was done to a thread, the oldest first."""
    session, actor = reading()
    thread = threads.readable(session, actor, id).thread
    return {
        "items": [
            {"act": one.act, "by": {"id": one.person_id, "name": one.person}, "at": clock.rfc3339(one.at), "reason": one.reason, "told": one.told}
            for one in told_of(session, [thread]).get(thread.id, ())
        ]
    }


def hide_post(id: str, body: WhyBody) -> dict:
    """Hide a message, with a reason."""
    with writing() as (session, actor):
        return _post(session, hiding.hide(session, actor, id, body.reason))


def unhide_post(id: str) -> dict:
    """Show a hidden message again."""
    with writing() as (session, actor):
        return _post(session, hiding.unhide(session, actor, id))


def report(id: str, body: ReportBody) -> dict:
    """Tell the animators of a message."""
    with writing() as (session, actor):
        post, place = posts.readable(session, actor, id)
        return _report(reporting.report(session, actor, post, place.space, body.word))


def settle(id: str) -> dict:
    """Say that a report needs nothing more."""
    with writing() as (session, actor):
        return _report(reporting.settle(session, actor, id))


ENDPOINTS = [
    Endpoint("POST", "/threads/<id>/lock", lock, answer=ThreadAnswer),
    Endpoint("POST", "/threads/<id>/unlock", unlock, answer=ThreadAnswer),
    Endpoint("POST", "/threads/<id>/pin", pin, body=PinBody, answer=ThreadAnswer),
    Endpoint("POST", "/threads/<id>/unpin", unpin, answer=ThreadAnswer),
    Endpoint("POST", "/threads/<id>/hide", hide, body=WhyBody, answer=ThreadAnswer),
    Endpoint("POST", "/threads/<id>/unhide", unhide, answer=ThreadAnswer),
    Endpoint("POST", "/threads/<id>/merge", merge, body=MergeBody, answer=ThreadAnswer),
    Endpoint("POST", "/threads/<id>/attach", attach, body=AttachBody, answer=ThreadAnswer),
    Endpoint("POST", "/threads/<id>/route", route, body=RouteBody, answer=ThreadAnswer),
    Endpoint("GET", "/threads/<id>/helpers", helpers, answer=HelpersAnswer),
    Endpoint("GET", "/threads/<id>/history", told, answer=ToldsAnswer),
    Endpoint("POST", "/posts/<id>/hide", hide_post, body=WhyBody, answer=PostAnswer),
    Endpoint("POST", "/posts/<id>/unhide", unhide_post, answer=PostAnswer),
    Endpoint("POST", "/posts/<id>/report", report, body=ReportBody, answer=ReportAnswer),
    Endpoint("POST", "/reports/<id>/settle", settle, answer=ReportAnswer),
]


def _done(id: str, verb, *given) -> dict:
    with writing() as (session, actor):
        thread = verb(session, actor, threads.readable(session, actor, id).thread, *given)
        return _shape(session, actor, thread)


def _shape(session: Session, actor: Actor, thread: Thread) -> dict:
    return thread_shape(session, site().library, actor, thread)


def _post(session: Session, post: Post) -> dict:
    return post_shape(said(session, Post.id == post.id)[0])


def _report(one: Report) -> dict:
    return {
        "id": one.id, "post": one.post_id, "word": one.word, "at": clock.rfc3339(one.at),
        "settled_at": clock.rfc3339(one.settled_at) if one.settled_at else None,
    }
