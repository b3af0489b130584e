"""What people write in a thread: reply, edit, erase, say that it was useful."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person
from accounts.permissions import Permission
from accounts.policy import may
from core import clock, journal
from core.errors import Conflict, Denied, Invalid, N_, NotFound
from core.journal import Act, Chain
from discussions import mentions, reporting, threads, words
from discussions.care import HiddenWords, Picture
from discussions.models import Mention, Post, PostEdit, Thread, Useful
from discussions.shown import spoken
from discussions.threads import DOUBLE_SUBMIT, Place

_LOOK_BACK = 20     # posts among which the same words count as sent twice


class Written(NamedTuple):
    """A post the actor may read, and the place of its thread."""

    post: Post
    place: Place


def readable(session: Session, actor: Actor, post_id: str) -> Written:
    """Return a post. Raises: NotFound if it is not there or not for this actor."""
    post = session.get(Post, post_id)
    # The same questions are asked whether the post exists or not, so that the time says nothing.
    place = threads.readable(session, actor, post.thread_id if post else post_id)
    if post is None:
        raise NotFound()
    return Written(post, place)


def reply(session: Session, actor: Actor, thread: Thread, body: str, parent_id: str | None = None) -> Post:
    """Answer a thread, or one of its posts; the same words sent twice within a minute are one post.

    Raises: NotFound, Unauthenticated or Denied if the actor may not take part; Invalid with the field; Conflict if
    the thread is closed.
    """
    place, chain = threads.locked(session, actor, thread.id)
    thread, body = place.thread, words.body(body)
    if parent_id is not None:
        _check_parent(session, thread, parent_id)
    earlier = _sent_before(session, actor, thread, body, parent_id)
    if earlier is not None:
        return earlier
    threads.check_unlocked(thread)
    if thread.closed_at is not None:
        raise Conflict(N_("This thread is closed, so it takes no more answers."))
    written = mentions.rendered(session, actor, place.space, body)
    thread.last_number += 1
    thread.touched_at = clock.now()
    if actor.id != thread.opened_by and thread.replied_at is None:
        thread.replied_at = thread.touched_at
    post = Post(
        thread_id=thread.id, number=thread.last_number, parent_id=parent_id, author_id=actor.id, body=body,
        html=written.html, created_at=thread.touched_at,
    )
    session.add(post)
    session.flush()
    mentions.keep(session, post, written.people)
    threads.beside(session, chain, place.procedure, actor, act="post", object=f"post:{post.id}", content=body)
    return post


def edit(session: Session, actor: Actor, post_id: str, body: str) -> Post:
    """Replace one's own words; the old ones stay readable in the post's history.

    Raises: Denied if they are somebody else's; Conflict if they were erased or hidden, or the thread is locked; otherwise
    as `reply`.
    """
    post, place, chain = own(session, actor, post_id)
    body = words.body(body)
    if body == post.body:
        return post
    written = mentions.rendered(session, actor, place.space, body)
    session.add(PostEdit(post_id=post.id, at=clock.now(), body=post.body))
    post.body, post.html, post.edited_at = body, written.html, clock.now()
    mentions.keep(session, post, written.people)
    if post.number == 1:
        place.thread.heading = words.heading(place.thread.title, body)
    journal.add(session, chain, actor=actor.id, act="edit_post", object=f"post:{post.id}", content=body)
    return post


def own(session: Session, actor: Actor, post_id: str) -> tuple[Post, Place, Chain]:
    """Return one's own post that can be changed, under its space's lock.

    Raises: NotFound, Unauthenticated or Denied if it is not the actor's; Conflict if its words are gone or the thread locked.
    """
    post, place, chain = _locked(session, actor, post_id)
    if post.author_id != actor.id:
        raise Denied(N_("Only the person who wrote a message can change it."))
    threads.check_unlocked(place.thread)
    _check_stands(post)
    return post, place, chain


def erase(session: Session, actor: Actor, post_id: str, reason: str) -> Post:
    """Erase the words of a post, one's own or as an animator; who, when and why stay, and so do the answers to it.

    The words' digests stay in the journal without their salts, so that they say nothing and the chain stays whole.

    Raises: Denied, Unauthenticated or NotFound if the actor may not; Invalid without a reason.
    """
    post, place, chain = _locked(session, actor, post_id)
    if post.author_id != actor.id and not may(actor, Permission.MODERATE, place.space):
        raise Denied(N_("Only the person who wrote a message, or an animator, can erase it."))
    reason = words.reason(reason)
    if post.erased_at is not None:
        return post
    post.erased_at, post.erased_by, post.erased_because = clock.now(), actor.id, reason
    post.body, post.html = "", ""
    session.execute(delete(PostEdit).where(PostEdit.post_id == post.id))
    session.execute(delete(HiddenWords).where(HiddenWords.post_id == post.id))
    session.execute(delete(Picture).where(Picture.post_id == post.id))
    reporting.settle_of_post(session, actor, post)
    session.execute(delete(Mention).where(Mention.post_id == post.id))
    _forget_in_thread(session, place.thread, post)
    _forget_salts(session, place.thread, post)
    journal.add(session, chain, actor=actor.id, act="erase_post", object=f"post:{post.id}", reason=reason)
    return post


def mark_useful(session: Session, actor: Actor, post_id: str, *, useful: bool = True) -> Post:
    """Say that somebody else's post was useful, or take that back; saying it again changes nothing.

    Raises: Denied for one's own post; Conflict if it was erased; otherwise as `reply`.
    """
    post, place, chain = _locked(session, actor, post_id)
    if post.author_id == actor.id:
        raise Denied(N_("Others say whether your message was useful."))
    _check_stands(post)
    said = session.get(Useful, (post.id, actor.id))
    if useful == (said is not None):
        return post
    if useful:
        session.add(Useful(post_id=post.id, person_id=actor.id, at=clock.now()))
    else:
        session.delete(said)
    session.flush()
    act = "useful" if useful else "not_useful"
    threads.beside(session, chain, place.procedure, actor, act=act, object=f"post:{post.id}")
    return post


def edits_of(session: Session, post: Post, *, sees_hidden: bool = False) -> list[PostEdit]:
    """Return the words a post had before each edit, the oldest first; of one that is hidden, for whoever sees what is."""
    if post.hidden_at is not None and not sees_hidden:
        return []
    return list(session.scalars(select(PostEdit).where(PostEdit.post_id == post.id).order_by(PostEdit.id)))


def useful_names(session: Session, post: Post) -> list[str]:
    """Return the names of those to whom a post was useful."""
    rows = select(Person.name).join(Useful, Useful.person_id == Person.id).where(Useful.post_id == post.id)
    return list(session.scalars(rows.order_by(Useful.at)))


def _locked(session: Session, actor: Actor, post_id: str) -> tuple[Post, Place, Chain]:
    written = readable(session, actor, post_id)
    place, chain = threads.locked(session, actor, written.place.thread.id)
    session.refresh(written.post)
    return written.post, place, chain


def _check_parent(session: Session, thread: Thread, parent_id: str) -> None:
    parent = session.get(Post, parent_id)
    if parent is None or parent.thread_id != thread.id:
        raise Invalid(N_("The message you answer is not in this thread."), field="parent")


def _sent_before(session: Session, actor: Actor, thread: Thread, body: str, parent_id: str | None) -> Post | None:
    return session.scalar(
        select(Post)
        .where(
            Post.thread_id == thread.id,
            Post.number > max(1, thread.last_number - _LOOK_BACK),
            Post.author_id == actor.id,
            Post.parent_id == parent_id,
            Post.body == body,
            Post.erased_at.is_(None),
            Post.created_at > clock.now() - DOUBLE_SUBMIT,
        )
        .limit(1)
    )


def _forget_in_thread(session: Session, thread: Thread, post: Post) -> None:
    """Take a post's words out of its thread: title, heading, acceptance, and a quote that is not the rule's own words."""
    if post.number == 1:
        thread.title = thread.heading = ""
        if not thread.copies:
            thread.quote = thread.prefix = thread.suffix = ""
    left_the_thread(session, thread, post)


def left_the_thread(session: Session, thread: Thread, post: Post) -> None:
    """Bring a thread up with a post whose words went, or came back: no silent answer is accepted, or the first reply."""
    if thread.accepted_post_id == post.id and post.is_silent:
        thread.accepted_post_id = thread.accepted_by = thread.accepted_at = None
    session.flush()
    thread.replied_at = first_reply(session, thread)


def first_reply(session: Session, thread: Thread) -> datetime | None:
    """Return when somebody else than its opener first said something that still stands."""
    rows = select(func.min(Post.created_at)).where(Post.thread_id == thread.id, Post.author_id != thread.opened_by, spoken())
    return session.scalar(rows)


def _check_stands(post: Post) -> None:
    if post.erased_at is not None:
        raise Conflict(N_("This message was erased."))
    if post.hidden_at is not None:
        raise Conflict(N_("This message was hidden."))


def _forget_salts(session: Session, thread: Thread, post: Post) -> None:
    objects = [f"post:{post.id}"] + ([f"thread:{thread.id}"] if post.number == 1 else [])
    session.execute(
        update(Act)
        .where(Act.object.in_(objects), Act.act.in_(("open_thread", "post", "edit_post", "add_picture", "remove_picture")))
        .values(content_salt=None)
        .execution_options(synchronize_session=False)
    )
