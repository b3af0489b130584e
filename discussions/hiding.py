"""Hiding one message with a reason. Its words move where only animators and auditors are given them.

Nothing else has to know: a post whose words are elsewhere cannot be shown, searched, exported or resembled by mistake.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import may
from core import clock
from core.errors import Conflict, N_
from discussions import moderating, posts, reporting, words
from discussions.care import HiddenWords
from discussions.models import Post
from discussions.telling import tell


def hide(session: Session, actor: Actor, post_id: str, reason: str) -> Post:
    """Hide the words of a message; of one that opened a thread, the thread. Who, when and why are shown in their place.

    Raises: NotFound, Unauthenticated or Denied if the actor may not; Invalid without a reason; Conflict if it was erased.
    """
    post, place = posts.readable(session, actor, post_id)
    if post.number == 1:
        moderating.hide(session, actor, place.thread, reason)
        return post
    place, chain = moderating.moderated(session, actor, place.thread.id)
    session.refresh(post)
    if post.hidden_at is not None:
        return post
    reason = words.reason(reason)
    if post.erased_at is not None:
        raise Conflict(N_("This message was erased."))
    session.add(HiddenWords(post_id=post.id, body=post.body, html=post.html))
    post.body, post.html = "", ""
    post.hidden_at, post.hidden_by, post.hidden_because = clock.now(), actor.id, reason
    posts.left_the_thread(session, place.thread, post)
    reporting.settle_of_post(session, actor, post)
    tell(session, chain, actor, place.thread, "hide_post", object=f"post:{post.id}", reason=reason, post=post.id)
    return post


def unhide(session: Session, actor: Actor, post_id: str) -> Post:
    """Show a hidden message again. Raises: NotFound, Unauthenticated or Denied if the actor may not."""
    post, place = posts.readable(session, actor, post_id)
    if post.number == 1:
        moderating.unhide(session, actor, place.thread)
        return post
    place, chain = moderating.moderated(session, actor, place.thread.id)
    session.refresh(post)
    kept = session.get(HiddenWords, post.id)
    if post.hidden_at is None:
        return post
    if kept is not None:
        post.body, post.html = kept.body, kept.html
        session.delete(kept)
    post.hidden_at, post.hidden_by, post.hidden_because = None, None, ""
    posts.left_the_thread(session, place.thread, post)
    tell(session, chain, actor, place.thread, "unhide_post", object=f"post:{post.id}", post=post.id)
    return post


def words_behind(session: Session, actor: Actor, space: Space, hidden: Iterable[Post]) -> dict[str, str]:
    """Return the words of hidden posts of a space, by post, for whoever may see them; nothing for anybody else."""
    ids = [post.id for post in hidden if post.hidden_at]
    if not ids or not may(actor, Permission.SEE_HIDDEN, space):
        return {}
    return dict(session.execute(select(HiddenWords.post_id, HiddenWords.body).where(HiddenWords.post_id.in_(ids))).all())
