"""Notices in the JSON API: the same verbs as the pages."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.web import reading, writing
from core import clock
from core.api import Endpoint, PageQuery, page_of
from core.errors import Invalid, N_, Unauthenticated
from core.web import site
from notices import addresses, choices, following
from notices import reading as told
from notices.choices import Choice
from notices.shapes import (
    FollowingAnswer, FollowsAnswer, Kind, MailAnswer, Mode, NoticeAnswer, NoticesAnswer, OutboxAnswer, ReadAnswer, follow_shape,
    notice_shape,
)


class Body(BaseModel):
    """A body with these fields and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ReadBody(Body):
    """Up to which instant everything is read, perhaps only of one thread; what was told later stays unread."""

    until: str | None = Field(None, max_length=40)
    thread: str | None = Field(None, max_length=16)


class MailBody(Body):
    """How one wants one's notices by mail: what is said to one, and what one follows."""

    direct: Mode
    followed: Mode


class NoticesQuery(PageQuery):
    """Which notices to list."""

    unread: bool = False


class FollowsQuery(PageQuery):
    """What of it to list."""

    kind: Kind | None = None


def list_notices(query: NoticesQuery) -> dict:
    """List what one was told, unread first."""
    session, actor = reading()
    found, total = told.listed(session, actor, unread=query.unread, page=query.page, page_size=query.page_size)
    return page_of([notice_shape(one) for one in found], total, query) | {"unread": told.unread_count(session, actor)}


def read_all(body: ReadBody) -> dict:
    """Say that one has read what one was told."""
    with writing() as (session, actor):
        return {"read": told.mark_all_read(session, actor, until=_instant(body.until), thread_id=body.thread)}


def read_one(id: str) -> dict:
    """Say that one has read a notice."""
    with writing() as (session, actor):
        return notice_shape(told.mark_read(session, actor, id))


def list_follows(query: FollowsQuery) -> dict:
    """List what one follows."""
    session, actor = reading()
    if not actor.is_somebody:
        raise Unauthenticated(N_("Sign in to do this."))
    found, total = following.followed(session, actor, kind=query.kind, page=query.page, page_size=query.page_size)
    return page_of([follow_shape(one) for one in found], total, query)


def follow_procedure(code: str) -> dict:
    """Follow a procedure."""
    return _follow("procedure", code, follows=True)


def leave_procedure(code: str) -> dict:
    """No longer follow a procedure, whatever made one follow it."""
    return _follow("procedure", code, follows=False)


def follow_thread(id: str) -> dict:
    """Follow a thread."""
    return _follow("thread", id, follows=True)


def leave_thread(id: str) -> dict:
    """No longer follow a thread, whatever made one follow it."""
    return _follow("thread", id, follows=False)


def follow_space(slug: str) -> dict:
    """Follow a space."""
    return _follow("space", slug, follows=True)


def leave_space(slug: str) -> dict:
    """No longer follow a space, whatever made one follow it."""
    return _follow("space", slug, follows=False)


def get_mail() -> dict:
    """Say how one's notices come by mail."""
    session, actor = reading()
    return _mail(session, actor, choices.choice_of(session, actor))


def set_mail(body: MailBody) -> dict:
    """Choose how one's notices come by mail."""
    with writing() as (session, actor):
        return _mail(session, actor, choices.choose(session, actor, site().settings.timezone, Choice(body.direct, body.followed)))


def get_outbox() -> dict:
    """Say what waits to be sent, and who cannot be reached at their address."""
    return _outbox(*reading())


def mail_again(id: str) -> dict:
    """Let letters go to somebody's address again."""
    with writing() as (session, actor):
        addresses.take_back(session, actor, id)
        return _outbox(session, actor)


def _outbox(session: Session, actor: Actor) -> dict:
    found = addresses.outbox(session, actor)
    refused = [
        {"person": person.id, "name": person.name, "email": mark.email, "at": clock.rfc3339(mark.at), "said": mark.said}
        for person, mark in addresses.refused_addresses(session, actor)
    ]
    return {"waiting": found.waiting, "since": clock.rfc3339(found.since) if found.since else None, "said": found.said, "refused": refused}


def _follow(kind: str, name: str, *, follows: bool) -> dict:
    with writing() as (session, actor):
        found = following.follow(session, actor, kind, name, follows=follows)
        return {"kind": kind, "name": found.of if kind == "procedure" else name, "follows": follows}


def _mail(session: Session, actor: Actor, choice: Choice) -> dict:
    mark = choices.refused(session, actor)
    return {"direct": choice.direct, "followed": choice.followed, "refused": mark.said if mark else None}


def _instant(raw: str | None) -> datetime | None:
    try:
        at = clock.instant(raw) if raw else None
    except ValueError:
        at = datetime.min
    if at is not None and at.tzinfo is None:
        raise Invalid(N_("Give a time as RFC 3339, such as 2026-03-31T09:00:00Z."), field="until")
    return at


ENDPOINTS = [
    Endpoint("GET", "/notices", list_notices, query=NoticesQuery, answer=NoticesAnswer),
    Endpoint("POST", "/notices/read", read_all, body=ReadBody, answer=ReadAnswer),
    Endpoint("POST", "/notices/<id>/read", read_one, answer=NoticeAnswer),
    Endpoint("GET", "/me/follows", list_follows, query=FollowsQuery, answer=FollowsAnswer),
    Endpoint("PUT", "/procedures/<code>/follow", follow_procedure, answer=FollowingAnswer),
    Endpoint("DELETE", "/procedures/<code>/follow", leave_procedure, answer=FollowingAnswer),
    Endpoint("PUT", "/threads/<id>/follow", follow_thread, answer=FollowingAnswer),
    Endpoint("DELETE", "/threads/<id>/follow", leave_thread, answer=FollowingAnswer),
    Endpoint("PUT", "/spaces/<slug>/follow", follow_space, answer=FollowingAnswer),
    Endpoint("DELETE", "/spaces/<slug>/follow", leave_space, answer=FollowingAnswer),
    Endpoint("GET", "/me/mail", get_mail, answer=MailAnswer),
    Endpoint("PUT", "/me/mail", set_mail, body=MailBody, answer=MailAnswer),
    Endpoint("GET", "/administration/mail", get_outbox, answer=OutboxAnswer),
    Endpoint("DELETE", "/administration/mail/<id>", mail_again, answer=OutboxAnswer),
]
