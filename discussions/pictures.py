"""Pictures that come with a post: judged by their content, kept under uploads by digest, gone with the words of the post.

The bytes lie where drafts' files lie, so a backup that takes that folder has them. A digest that no row names any more is
swept within a day, see `wiki/sweeping.py`; from the moment of erasing nothing leads to it.
"""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.permissions import Permission
from accounts.policy import may
from core import journal
from core.errors import Invalid, N_, NotFound
from discussions import posts
from discussions.care import Picture
from discussions.models import Post
from wiki.attached import Attachment, check_size, received
from wiki.filenames import folded
from wiki.filetypes import picture_type
from wiki.repository import Library

MOST = 4        # of one post


def judged(library: Library, given: Iterable[tuple[str, bytes]]) -> list[Attachment]:
    """Judge pictures that somebody gives and keep their bytes. Raises: Invalid or TooBig if one is not taken."""
    given = list(given)
    if len(given) > MOST:
        raise Invalid(N_("A message takes at most %(most)s pictures."), field="file", most=MOST)
    for name, content in given:
        check_size(name, content)
    if any(content and picture_type(content) is None for _, content in given):
        raise Invalid(N_("Only pictures come with a message: PNG, JPEG, GIF or WebP."), field="file")
    return [received(library, name, content) for name, content in given]


def add(session: Session, actor: Actor, post_id: str, files: Sequence[Attachment]) -> Post:
    """Put pictures with one's own post; one takes the place of another of its name.

    Raises: NotFound, Unauthenticated or Denied if the actor may not; Conflict where an edit would be refused; Invalid
    if they are too many.
    """
    post, _, chain = posts.own(session, actor, post_id)
    there = {folded(one.name): one for one in session.scalars(select(Picture).where(Picture.post_id == post.id))}
    if len(there.keys() | {folded(one.name) for one in files}) > MOST:
        raise Invalid(N_("A message takes at most %(most)s pictures."), field="file", most=MOST)
    for one in files:
        before = there.pop(folded(one.name), None)
        if before is not None:
            session.delete(before)
            session.flush()
        session.add(Picture(post_id=post.id, name=one.name, sha256=one.sha256, size=one.size, type=one.type))
        session.flush()
        journal.add(session, chain, actor=actor.id, act="add_picture", object=f"post:{post.id}", content=f"{one.name} {one.sha256}")
    return post


def remove(session: Session, actor: Actor, post_id: str, name: str) -> Post:
    """Take a picture away from one's own post. Raises: as `add`; NotFound if there is none of this name."""
    post, _, chain = posts.own(session, actor, post_id)
    found = session.get(Picture, (post.id, name))
    if found is None:
        raise NotFound()
    session.delete(found)
    session.flush()
    journal.add(session, chain, actor=actor.id, act="remove_picture", object=f"post:{post.id}", content=name)
    return post


def readable(session: Session, actor: Actor, post_id: str, name: str) -> Picture:
    """Return a picture of a post. Raises: NotFound if it is not there or not for this actor; a hidden post's is for animators and auditors."""
    post, place = posts.readable(session, actor, post_id)
    found = session.get(Picture, (post.id, name))
    if found is None or (post.hidden_at and not may(actor, Permission.SEE_HIDDEN, place.space)):
        raise NotFound()
    return found


def pictures_of(session: Session, condition) -> dict[str, list[Picture]]:
    """Return the pictures of posts that meet a condition and whose words stand, by post, in the order of their names."""
    rows = session.scalars(
        select(Picture).join(Post, Post.id == Picture.post_id).where(condition, Post.hidden_at.is_(None)).order_by(Picture.name)
    )
    found: dict[str, list[Picture]] = {}
    for one in rows:
        found.setdefault(one.post_id, []).append(one)
    return found


def used(session: Session) -> Collection[str]:
    """Return the digests that some post refers to: what the sweeping of uploads must leave."""
    return set(session.scalars(select(Picture.sha256)))
