"""What people helped with: the procedures on which an answer of theirs was accepted, or was useful to somebody else.

No figure and no order among people comes of it: it says whom to ask about what.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from accounts.policy import readable_spaces
from core import clock
from discussions.models import Post, Thread, Useful
from discussions.shown import shown, spoken
from wiki.models import Procedure, Version
from wiki.procedures import spoken_for
from wiki.repository import Library

MOST = 30
FEW = 3         # beside a name in a list of people


@dataclass(frozen=True)
class Helped:
    """A procedure that somebody helped with."""

    code: str
    title: str
    language: str
    space: Space


def helped(session: Session, library: Library, actor: Actor, person_id: str) -> Sequence[Helped]:
    """Return what somebody helped with, by code, of what the actor may read; whose page it is was asked before."""
    there = (
        select(Thread.procedure_id)
        .join(Post, Post.thread_id == Thread.id)
        .where(Post.author_id == person_id, Thread.procedure_id.is_not(None), _is_help())
    )
    _, speaks = spoken_for(clock.today(library.zone))
    rows = session.execute(
        select(Procedure.code, Version.title, Version.language, Space)
        .join(Version, Version.procedure_id == Procedure.id)
        .join(Space, Space.id == Procedure.space_id)
        .where(Procedure.id.in_(there), speaks, readable_spaces(actor))
        .order_by(Space.name, Procedure.code)
        .limit(MOST)
    )
    return [Helped(*row) for row in rows]


def helped_in(session: Session, library: Library, space: Space) -> dict[str, list[Helped]]:
    """Return, by person, the few procedures of a space found readable that they helped with last. In one statement."""
    last = func.max(Post.created_at).desc()
    nth = func.row_number().over(partition_by=Post.author_id, order_by=(last, Thread.procedure_id))
    there = (
        select(Post.author_id, Thread.procedure_id, nth.label("nth"))
        .join(Thread, Thread.id == Post.thread_id)
        .where(Thread.space_id == space.id, Thread.procedure_id.is_not(None), _is_help())
        .group_by(Post.author_id, Thread.procedure_id)
        .subquery()
    )
    _, speaks = spoken_for(clock.today(library.zone))
    rows = session.execute(
        select(there.c.author_id, Procedure.code, Version.title, Version.language)
        .join(Procedure, Procedure.id == there.c.procedure_id)
        .join(Version, Version.procedure_id == Procedure.id)
        .where(there.c.nth <= FEW, speaks)
        .order_by(there.c.nth)
    )
    found: dict[str, list[Helped]] = {}
    for person_id, *procedure in rows:
        found.setdefault(person_id, []).append(Helped(*procedure, space))
    return found


def _is_help() -> ColumnElement[bool]:
    thanked = select(Useful.post_id).where(Useful.post_id == Post.id, Useful.person_id != Post.author_id).exists()
    accepted = (Thread.accepted_post_id == Post.id) & (Thread.opened_by != Post.author_id)
    return shown() & spoken() & or_(accepted, thanked)
