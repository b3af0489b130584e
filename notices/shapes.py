"""The shapes of notices in the JSON API."""

from typing import Literal

from pydantic import BaseModel

from core import clock
from notices.following import Followed
from notices.models import DIRECT
from notices.reading import Shown
from notices.wording import said

Mode = Literal["at_once", "daily", "weekly", "none"]
Kind = Literal["procedure", "thread", "space"]


class NoticeAnswer(BaseModel):
    """One thing that somebody was told; `text` is in their language, `url` a path of the site."""

    id: str
    kind: str
    direct: bool
    text: str
    url: str
    at: str
    read_at: str | None
    space: str
    code: str | None
    thread: str | None
    post: str | None
    change: str | None
    version: int | None


class NoticesAnswer(BaseModel):
    """A page of notices, unread first; `unread` counts as far as a hundred."""

    items: list[NoticeAnswer]
    unread: int
    total: int
    page: int
    page_size: int


class FollowAnswer(BaseModel):
    """Something that somebody follows; `name` is a code, the id of a thread, or the slug of a space."""

    kind: Kind
    name: str
    title: str
    url: str
    space: str
    why: Literal["chosen", "part", "named"]
    at: str


class FollowsAnswer(BaseModel):
    """A page of what somebody follows, the newest first."""

    items: list[FollowAnswer]
    total: int
    page: int
    page_size: int


class FollowingAnswer(BaseModel):
    """Whether one follows something now."""

    kind: Kind
    name: str
    follows: bool


class ReadAnswer(BaseModel):
    """How many notices were marked as read."""

    read: int


class MailAnswer(BaseModel):
    """How one's notices come by mail; `refused` is what a mail server said if it refused the address for good."""

    direct: Mode
    followed: Mode
    refused: str | None


class RefusedAnswer(BaseModel):
    """Somebody who cannot be reached at their address."""

    person: str
    name: str
    email: str
    at: str
    said: str


class OutboxAnswer(BaseModel):
    """What waits to be sent, and who cannot be reached."""

    waiting: int
    since: str | None
    said: str
    refused: list[RefusedAnswer]


def notice_shape(one: Shown) -> dict:
    """Return a notice."""
    notice = one.notice
    return {
        "id": notice.id, "kind": notice.kind, "direct": notice.kind in DIRECT, "text": said(one), "url": one.url,
        "at": clock.rfc3339(notice.at), "read_at": clock.rfc3339(notice.read_at) if notice.read_at else None, "space": one.space.slug,
        "code": one.code, "thread": notice.thread_id, "post": notice.post_id, "change": notice.change_id, "version": notice.version,
    }


def follow_shape(one: Followed) -> dict:
    """Return something that somebody follows."""
    return {
        "kind": one.kind, "name": one.name, "title": one.words, "url": one.url, "space": one.space.slug, "why": one.why,
        "at": clock.rfc3339(one.at),
    }
