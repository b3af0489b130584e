"""The shapes of the practice in the JSON API. Source: design, section 6."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from core import clock
from discussions.citations import changes_of
from discussions.models import Post, PostEdit, Thread
from discussions.placing import placements
from discussions.voices import Said, said
from wiki.models import Procedure
from wiki.repository import Library


def thread_shape(session: Session, library: Library, actor: Actor, thread: Thread) -> dict:
    """Return a thread that the actor may read, with its posts in the order of writing."""
    return thread_shapes(session, library, actor, [thread])[0]


def thread_shapes(session: Session, library: Library, actor: Actor, threads: Sequence[Thread]) -> list[dict]:
    """Return threads that the actor may read, in the same order and a constant number of statements."""
    ids = [thread.id for thread in threads]
    hangs = _hangs(session, ids)
    placed = placements(session, library, threads)
    changes = changes_of(session, actor, ids)
    posts: dict[str, list[Said]] = {}
    for one in said(session, Post.thread_id.in_(ids)):
        posts.setdefault(one.post.thread_id, []).append(one)
    return [
        {
            "id": thread.id,
            "kind": thread.kind,
            "title": thread.heading,
            "state": thread.state,
            "code": hangs[thread.id][1],
            "space": hangs[thread.id][0],
            "version": thread.version,
            "quote": thread.quote,
            "anchor": placed[thread.id].anchor.state,
            "needs_check": placed[thread.id].needs_check,
            "accepted": thread.accepted_post_id,
            "pinned_until": thread.pinned_until.isoformat() if thread.pinned_until else None,
            "changes": [change.id for change in changes.get(thread.id, ())],
            "posts": [post_shape(one) for one in posts.get(thread.id, ())],
        }
        for thread in threads
    ]


def post_shape(one: Said) -> dict:
    """Return a post; of an erased or hidden one, who did that, when and why."""
    post = one.post
    erased = post.erased_at and {
        "by": {"id": post.erased_by, "name": one.eraser}, "at": clock.rfc3339(post.erased_at), "reason": post.erased_because,
    }
    hidden = post.hidden_at and {
        "by": {"id": post.hidden_by, "name": one.hider}, "at": clock.rfc3339(post.hidden_at), "reason": post.hidden_because,
    }
    return {
        "id": post.id,
        "parent": post.parent_id,
        "author": {"id": post.author_id, "name": one.author},
        "body": post.body,
        "html": post.html,
        "created_at": clock.rfc3339(post.created_at),
        "edited_at": _instant(post.edited_at),
        "erased": erased,
        "hidden": hidden,
        "useful": one.useful,
        "pictures": [
            {"name": held.name, "size": held.size, "type": held.type, "url": f"/posts/{post.id}/pictures/{quote(held.name)}"}
            for held in one.pictures
        ],
    }


def edit_shape(edit: PostEdit) -> dict:
    """Return the words a post had before one edit."""
    return {"body": edit.body, "until": clock.rfc3339(edit.at)}


def _hangs(session: Session, ids: Sequence[str]) -> dict[str, tuple[str, str | None]]:
    rows = session.execute(
        select(Thread.id, Space.slug, Procedure.code)
        .join(Space, Space.id == Thread.space_id)
        .outerjoin(Procedure, Procedure.id == Thread.procedure_id)
        .where(Thread.id.in_(ids))
    )
    return {id: (slug, code) for id, slug, code in rows}


def _instant(at: datetime | None) -> str | None:
    return clock.rfc3339(at) if at else None
