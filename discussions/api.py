"""The practice in the JSON API: the same verbs as the pages."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from accounts import spaces
from accounts.actors import Actor
from accounts.permissions import Permission
from accounts.policy import may, require
from accounts.web import reading, writing
from core.api import Endpoint, PageQuery, page_of
from core.web import site
from discussions import gap_api, lists, mentions, moderation_api, people_api, picture_api, posts, threads, touched_api
from discussions.answers import EditsAnswer, MentionableAnswer, NamesAnswer, PostAnswer, ThreadAnswer, ThreadsAnswer
from discussions.checks import check
from discussions.models import Post, Thread
from discussions.shapes import edit_shape, post_shape, thread_shape, thread_shapes
from discussions.voices import said
from wiki import procedures


class Body(BaseModel):
    """A body with these fields and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


class NewThread(Body):
    """A thread to open; `prefix` and `suffix` tell where the quoted words stand."""

    kind: Literal["question", "tip", "gap", "announcement"]
    body: str
    title: str = ""
    quote: str = ""
    prefix: str = ""
    suffix: str = ""


class NewPost(Body):
    """A reply, to the thread or to one of its posts."""

    body: str
    parent: str | None = Field(None, max_length=16)


class AcceptBody(Body):
    """Which reply answers the thread; null takes it back."""

    post: str | None = Field(max_length=16)


class CheckBody(Body):
    """Whether the thread still holds beside the words in force."""

    verdict: Literal["still_true", "needs_edit", "no_longer_true"]


class WordsBody(Body):
    """The new words of a post."""

    body: str


class ReasonBody(Body):
    """A reason."""

    reason: str


class SpaceThreadsQuery(PageQuery):
    """Which threads of a space to list."""

    kind: Literal["question", "tip", "gap", "announcement"] | None = None
    state: Literal["open", "answered", "closed", "locked"] | None = None


class NameQuery(BaseModel):
    """The beginning of a name."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field("", max_length=120)


def list_of_procedure(code: str, query: PageQuery) -> dict:
    """List the threads of a procedure, the last spoken in first."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    listed, total = lists.of_procedure(session, found.procedure, page=query.page, page_size=query.page_size)
    return page_of(thread_shapes(session, site().library, actor, listed), total, query)


def open_on_procedure(code: str, body: NewThread) -> dict:
    """Open a thread on a procedure, perhaps on words of it."""
    with writing() as (session, actor):
        found = procedures.readable(session, actor, code)
        thread = threads.open_thread(session, site().library, actor, found.space, found.procedure, **body.model_dump())
        return _shape(session, actor, thread)


def list_of_space(slug: str, query: SpaceThreadsQuery) -> dict:
    """List the threads of a space, the last spoken in first."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    listed, total = lists.of_space(
        session, space, kind=query.kind, state=query.state, page=query.page, page_size=query.page_size
    )
    return page_of(thread_shapes(session, site().library, actor, listed), total, query)


def open_in_space(slug: str, body: NewThread) -> dict:
    """Open a thread in a space, on no procedure; animators announce."""
    with writing() as (session, actor):
        space = spaces.by_slug(session, actor, slug)
        thread = threads.open_thread(session, site().library, actor, space, None, **body.model_dump())
        return _shape(session, actor, thread)


def get_thread(id: str) -> dict:
    """Read a thread."""
    session, actor = reading()
    return _shape(session, actor, threads.readable(session, actor, id).thread)


def add_post(id: str, body: NewPost) -> dict:
    """Answer a thread, or one of its posts."""
    with writing() as (session, actor):
        thread = threads.readable(session, actor, id).thread
        return _post(session, posts.reply(session, actor, thread, body.body, body.parent))


def accept_post(id: str, body: AcceptBody) -> dict:
    """Accept a reply as the answer."""
    with writing() as (session, actor):
        thread = threads.readable(session, actor, id).thread
        return _shape(session, actor, threads.accept(session, actor, thread, body.post))


def close_thread(id: str) -> dict:
    """Close a thread."""
    with writing() as (session, actor):
        return _shape(session, actor, threads.close(session, actor, threads.readable(session, actor, id).thread))


def reopen_thread(id: str) -> dict:
    """Open a closed thread again."""
    with writing() as (session, actor):
        return _shape(session, actor, threads.reopen(session, actor, threads.readable(session, actor, id).thread))


def check_thread(id: str, body: CheckBody) -> dict:
    """Say whether a thread still holds after its words changed."""
    with writing() as (session, actor):
        thread = threads.readable(session, actor, id).thread
        return _shape(session, actor, check(session, site().library, actor, thread, body.verdict))


def edit_post(id: str, body: WordsBody) -> dict:
    """Replace one's own words; the old ones stay readable."""
    with writing() as (session, actor):
        return _post(session, posts.edit(session, actor, id, body.body))


def erase_post(id: str, body: ReasonBody) -> dict:
    """Erase the words of a post; who, when and why stay."""
    with writing() as (session, actor):
        return _post(session, posts.erase(session, actor, id, body.reason))


def post_useful(id: str) -> dict:
    """Say that a post was useful."""
    with writing() as (session, actor):
        return _post(session, posts.mark_useful(session, actor, id))


def post_not_useful(id: str) -> dict:
    """Take back that a post was useful."""
    with writing() as (session, actor):
        return _post(session, posts.mark_useful(session, actor, id, useful=False))


def list_useful(id: str) -> dict:
    """List the names of those to whom a post was useful, the first to say so first."""
    session, actor = reading()
    post = posts.readable(session, actor, id).post
    return {"items": [] if post.is_silent else posts.useful_names(session, post)}


def list_edits(id: str, query: PageQuery) -> dict:
    """List the words a post had before each edit, the oldest first."""
    session, actor = reading()
    post, place = posts.readable(session, actor, id)
    edits = posts.edits_of(session, post, sees_hidden=may(actor, Permission.SEE_HIDDEN, place.space))
    start = (query.page - 1) * query.page_size
    return page_of([edit_shape(edit) for edit in edits[start : start + query.page_size]], len(edits), query)


def list_mentionable(slug: str, query: NameQuery) -> dict:
    """List whom one can name after an @ in a space, whose name begins with what is typed."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    require(actor, Permission.TAKE_PART, space)
    found = mentions.completed(session, actor, space, query.q)
    return {"items": [{"id": one.id, "name": one.written} for one in found]}


ENDPOINTS = [
    Endpoint("GET", "/spaces/<slug>/mentionable", list_mentionable, query=NameQuery, answer=MentionableAnswer),
    Endpoint("GET", "/procedures/<code>/threads", list_of_procedure, query=PageQuery, answer=ThreadsAnswer),
    Endpoint("POST", "/procedures/<code>/threads", open_on_procedure, body=NewThread, answer=ThreadAnswer, status=201),
    Endpoint("GET", "/spaces/<slug>/threads", list_of_space, query=SpaceThreadsQuery, answer=ThreadsAnswer),
    Endpoint("POST", "/spaces/<slug>/threads", open_in_space, body=NewThread, answer=ThreadAnswer, status=201),
    Endpoint("GET", "/threads/<id>", get_thread, answer=ThreadAnswer),
    Endpoint("POST", "/threads/<id>/posts", add_post, body=NewPost, answer=PostAnswer, status=201),
    Endpoint("POST", "/threads/<id>/accept", accept_post, body=AcceptBody, answer=ThreadAnswer),
    Endpoint("POST", "/threads/<id>/close", close_thread, answer=ThreadAnswer),
    Endpoint("POST", "/threads/<id>/reopen", reopen_thread, answer=ThreadAnswer),
    Endpoint("POST", "/threads/<id>/check", check_thread, body=CheckBody, answer=ThreadAnswer),
    Endpoint("PUT", "/posts/<id>", edit_post, body=WordsBody, answer=PostAnswer),
    Endpoint("DELETE", "/posts/<id>", erase_post, body=ReasonBody, answer=PostAnswer),
    Endpoint("POST", "/posts/<id>/useful", post_useful, answer=PostAnswer),
    Endpoint("DELETE", "/posts/<id>/useful", post_not_useful, answer=PostAnswer),
    Endpoint("GET", "/posts/<id>/useful", list_useful, answer=NamesAnswer),
    Endpoint("GET", "/posts/<id>/history", list_edits, query=PageQuery, answer=EditsAnswer),
    *moderation_api.ENDPOINTS,
    *gap_api.ENDPOINTS,
    *picture_api.ENDPOINTS,
    *people_api.ENDPOINTS,
    *touched_api.ENDPOINTS,
]


def _shape(session: Session, actor: Actor, thread: Thread) -> dict:
    return thread_shape(session, site().library, actor, thread)


def _post(session: Session, post: Post) -> dict:
    return post_shape(said(session, Post.id == post.id)[0])
