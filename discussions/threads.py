"""The life of a thread: open, accept an answer, close, open again."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from accounts.actors import Actor
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import may, readable_spaces, require
from core import clock, journal
from core.database import new_id
from core.errors import Conflict, Denied, Invalid, N_, NotFound
from core.journal import Act, Chain
from discussions import anchors, mentions, words
from discussions.models import KINDS, Post, Thread
from discussions.placing import words_of
from discussions.shown import shown
from wiki.models import Procedure
from wiki.procedures import standing_of
from wiki.repository import Library
from wiki.standing import Standing

DOUBLE_SUBMIT = timedelta(minutes=1)


class Place(NamedTuple):
    """A thread the actor may read, and where it hangs."""

    thread: Thread
    space: Space
    procedure: Procedure | None


def readable(session: Session, actor: Actor, thread_id: str) -> Place:
    """Return a thread with its space and procedure; of one that was merged, the thread that its posts are in now.

    Raises: NotFound if it is not there or not for this actor. A hidden one is for whoever opened it, animators and auditors.
    """
    asked = aliased(Thread)
    row = session.execute(
        select(Thread, Space, Procedure)
        .join(asked, func.coalesce(asked.merged_into, asked.id) == Thread.id)
        .join(Space, Space.id == Thread.space_id)
        .outerjoin(Procedure, Procedure.id == Thread.procedure_id)
        .where(asked.id == thread_id, readable_spaces(actor))
    ).first()
    if row is None or not _is_shown_to(actor, *row[:2]):
        raise NotFound()
    return Place(*row)


def _is_shown_to(actor: Actor, thread: Thread, space: Space) -> bool:
    own = actor.is_somebody and thread.opened_by == actor.id
    return thread.hidden_at is None or own or may(actor, Permission.SEE_HIDDEN, space)


def open_thread(
    session: Session,
    library: Library,
    actor: Actor,
    space: Space,
    procedure: Procedure | None,
    *,
    kind: str,
    body: str,
    title: str = "",
    quote: str = "",
    prefix: str = "",
    suffix: str = "",
) -> Thread:
    """Open a thread on a procedure, or on its space where `procedure` is None; the same words sent twice open one.

    Raises: NotFound, Denied or Unauthenticated if the actor may not; Invalid with the field.
    """
    require(actor, Permission.TAKE_PART, space)
    _check_kind(actor, space, procedure, kind, quote)
    body, title = words.body(body), words.title(title)
    written = mentions.rendered(session, actor, space, body)
    quote = words.passage(quote, field="quote").strip()
    prefix, suffix = words.passage(prefix, field="prefix"), words.passage(suffix, field="suffix")
    chain = journal.lock(session, space.id)
    earlier = _sent_before(session, actor, space, procedure, kind, quote, body)
    if earlier is not None:
        return earlier
    thread = Thread(
        id=new_id(), space_id=space.id, procedure_id=procedure.id if procedure else None, kind=kind, title=title, quote=quote,
        heading=words.heading(title, body), opened_by=actor.id, opened_at=clock.now(), touched_at=clock.now(), last_number=1,
    )
    if procedure is not None:
        anchor(library, space, standing_of(session, procedure, library), thread, prefix, suffix)
    first = Post(thread_id=thread.id, number=1, author_id=actor.id, body=body, html=written.html, created_at=thread.opened_at)
    session.add(thread)
    session.flush()
    session.add(first)
    session.flush()
    mentions.keep(session, first, written.people)
    beside(session, chain, procedure, actor, act="open_thread", object=f"thread:{thread.id}", content=f"{title}\n\n{body}")
    return thread


def beside(
    session: Session, chain: Chain, procedure: Procedure | None, actor: Actor, *, act: str, object: str, content: str | None = None
) -> Act:
    """Record an act that shows beside one procedure and on no other page that is kept, or nowhere beside the rule at all."""
    done = journal.add(session, chain, actor=actor.id, act=act, object=object, content=content, shared=False)
    if procedure is not None:
        procedure.said = done.sequence
    return done


def first_post(session: Session, thread: Thread) -> Post:
    """Return the post that opened a thread."""
    return session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 1)).one()


def accept(session: Session, actor: Actor, thread: Thread, post_id: str | None) -> Thread:
    """Say which reply answers a thread, None to take it back. By whoever opened it, or an animator.

    Raises: Denied, Unauthenticated or NotFound if the actor may not; Invalid if the post is not a reply of this thread.
    """
    place, chain = locked(session, actor, thread.id)
    _check_own(actor, place, N_("Only the person who asked, or an animator, can accept an answer."))
    check_unlocked(place.thread)
    if place.thread.kind == "announcement":
        raise Invalid(N_("An announcement asks nothing, so it has no accepted answer."), field="post")
    thread = place.thread
    if post_id is not None:
        _check_reply(session, thread, post_id)
    if thread.accepted_post_id != post_id:
        thread.accepted_post_id = post_id
        thread.accepted_by, thread.accepted_at = (actor.id, clock.now()) if post_id else (None, None)
        journal.add(session, chain, actor=actor.id, act="accept", object=f"thread:{thread.id}", content=post_id or "")
    return thread


def close(session: Session, actor: Actor, thread: Thread) -> Thread:
    """Close a thread: it takes no more posts. By whoever opened it, or an animator. Raises: as `accept`."""
    place, chain = locked(session, actor, thread.id)
    _check_own(actor, place, N_("Only the person who opened a thread, or an animator, can close it."))
    check_unlocked(place.thread)
    if place.thread.closed_at is None:
        place.thread.closed_by, place.thread.closed_at = actor.id, clock.now()
        journal.add(session, chain, actor=actor.id, act="close", object=f"thread:{thread.id}")
    return place.thread


def reopen(session: Session, actor: Actor, thread: Thread) -> Thread:
    """Open a closed thread again. Raises: as `close`."""
    place, chain = locked(session, actor, thread.id)
    _check_own(actor, place, N_("Only the person who opened a thread, or an animator, can open it again."))
    check_unlocked(place.thread)
    if place.thread.closed_at is not None:
        place.thread.closed_by, place.thread.closed_at = None, None
        journal.add(session, chain, actor=actor.id, act="reopen", object=f"thread:{thread.id}")
    return place.thread


def locked(session: Session, actor: Actor, thread_id: str) -> tuple[Place, Chain]:
    """Return a thread the actor may take part in, read again under its space's lock.

    Raises: NotFound, Unauthenticated or Denied if they may not; Conflict if it is hidden.
    """
    place = readable(session, actor, thread_id)
    require(actor, Permission.TAKE_PART, place.space)
    chain = journal.lock(session, place.space.id)
    session.refresh(place.thread)
    if place.thread.hidden_at is not None:
        raise Conflict(N_("This thread is hidden, so nothing in it can change."))
    return place, chain


def check_unlocked(thread: Thread) -> None:
    """Go on only if a thread is not locked. Raises: Conflict."""
    if thread.locked_at is not None:
        raise Conflict(N_("An animator locked this thread: it takes no answer and no edit."))


def may_settle(actor: Actor, place: Place) -> bool:
    """Say whether a thread is the actor's to accept in, close and settle: who opened it, and animators."""
    own = actor.is_somebody and place.thread.opened_by == actor.id
    return may(actor, Permission.TAKE_PART, place.space) and (own or may(actor, Permission.MODERATE, place.space))


def _check_own(actor: Actor, place: Place, sentence: str) -> None:
    if not may_settle(actor, place):
        raise Denied(sentence)


def _check_kind(actor: Actor, space: Space, procedure: Procedure | None, kind: str, quote: str) -> None:
    if kind not in KINDS:
        raise Invalid(N_("A thread is a question, a tip, a gap or an announcement."), field="kind")
    if kind == "announcement" and procedure is not None:
        raise Invalid(N_("An announcement is for a whole space, not for one procedure."), field="kind")
    if kind == "announcement":
        require(actor, Permission.MODERATE, space)
    if procedure is None and isinstance(quote, str) and quote.strip():
        raise Invalid(N_("Only the words of a procedure can be quoted."), field="quote")


def anchor(library: Library, space: Space, standing: Standing, thread: Thread, prefix: str, suffix: str) -> None:
    """Keep the version a thread was opened beside and, of its quote, where it stands there."""
    thread.version = standing.shown.number if standing.shown else None
    placed = anchors.place(words_of(library, space, standing), thread.quote, prefix, suffix)
    thread.prefix, thread.suffix, thread.position, thread.copies = placed.prefix, placed.suffix, placed.position, placed.copies


def _sent_before(
    session: Session, actor: Actor, space: Space, procedure: Procedure | None, kind: str, quote: str, body: str
) -> Thread | None:
    return session.scalar(
        select(Thread)
        .join(Post, (Post.thread_id == Thread.id) & (Post.number == 1))
        .where(
            Thread.opened_by == actor.id,
            Thread.space_id == space.id,
            Thread.procedure_id == (procedure.id if procedure else None),
            Thread.kind == kind,
            Thread.quote == quote,
            Thread.opened_at > clock.now() - DOUBLE_SUBMIT,
            shown(),
            Post.body == body,
            Post.erased_at.is_(None),
        )
        .limit(1)
    )


def _check_reply(session: Session, thread: Thread, post_id: str) -> None:
    post = session.get(Post, post_id)
    if post is None or post.thread_id != thread.id or post.number == 1 or post.is_silent:
        raise Invalid(N_("Only a reply of this thread can be its accepted answer."), field="post")
