"""Following a thread, a procedure or a space: by choice, or by taking part until one says otherwise.

The nearest word counts: what somebody said of a thread goes before what they said of its procedure, and that before the
space. Animators follow their spaces without saying so. What somebody follows is theirs alone, so no act is in the journal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, union_all
from sqlalchemy.orm import Session

from accounts import spaces
from accounts.actors import Actor
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import readable_spaces, require, roles_in
from core import clock
from core.database import add_missing
from core.errors import Invalid, N_, NotFound
from discussions import threads
from discussions.models import Post, Thread
from notices.models import KINDS_FOLLOWED, Follow
from wiki import procedures
from wiki.models import Procedure, Version


KINDS_NEAREST = ("thread", "procedure", "space")
# Built once: the page that is read most runs the first every time. Each part is one look at the primary key; in one
# condition, SQLite would go through everything that the person follows.
_SAID = union_all(
    *(
        select(Follow.kind, Follow.ended_at).where(Follow.person_id == bindparam("person"), Follow.kind == kind, Follow.of == bindparam(kind))
        for kind in KINDS_NEAREST
    )
)
_TOOK_PART = select(exists().where(Post.thread_id == bindparam("thread"), Post.author_id == bindparam("person")))


@dataclass(frozen=True)
class Target:
    """Something that can be followed, and where it hangs: `of` is how it is kept."""

    kind: str
    of: str
    space: Space
    code: str | None = None


@dataclass(frozen=True)
class Followed:
    """Something that somebody follows, as it stands in their list."""

    kind: str
    of: str
    name: str               # what addresses call it: a code, an id, a slug
    words: str
    url: str
    space: Space
    why: str
    at: datetime


def target(session: Session, actor: Actor, kind: str, name: str) -> Target:
    """Return what somebody means to follow. Raises: NotFound if it is not there or not for this actor."""
    match kind:
        case "thread":
            place = threads.readable(session, actor, name)
            return Target(kind, name, place.space, place.procedure.code if place.procedure else None)
        case "procedure":
            found = procedures.readable(session, actor, name)
            return Target(kind, found.procedure.code, found.space, found.procedure.code)
        case "space":
            space = spaces.by_slug(session, actor, name)
            return Target(kind, space.id, space)
    raise NotFound()


def follow(session: Session, actor: Actor, kind: str, name: str, *, follows: bool = True) -> Target:
    """Follow something, or no longer, which then wins over every automatic following; saying it again changes nothing.

    Raises: NotFound; Unauthenticated for nobody; Denied for an auditor of the space, who is told what an auditor is told.
    """
    found = target(session, actor, kind, name)
    require(actor, Permission.TAKE_PART, found.space)
    kept = session.get(Follow, (actor.id, kind, found.of))
    if kept is None:
        kept = Follow(person_id=actor.id, kind=kind, of=found.of, why="chosen", at=clock.now())
        session.add(kept)
    elif follows and kept.ended_at is not None:
        kept.why, kept.at = "chosen", clock.now()
    kept.ended_at = None if follows else kept.ended_at or clock.now()
    session.flush()
    return found


def begin(session: Session, people: Iterable[str], kind: str, of: str, *, why: str, at: datetime) -> None:
    """Let people follow something because they took part in it, unless they ever said otherwise."""
    add_missing(session, Follow, [{"person_id": id, "kind": kind, "of": of, "why": why, "at": at, "ended_at": None} for id in people])


def follows(session: Session, actor: Actor, found: Target) -> bool:
    """Say whether somebody is told of what happens there; whoever took part in a thread is, before that is written down."""
    thread = found.of if found.kind == "thread" else None
    asked = {"person": actor.id, "thread": thread, "procedure": found.code, "space": found.space.id}
    said = {kind: ended_at is None for kind, ended_at in session.connection().execute(_SAID, asked)}
    if thread and "thread" not in said and session.scalar(_TOOK_PART, asked):
        return True
    return next((said[kind] for kind in KINDS_NEAREST if kind in said), "animator" in roles_in(actor, found.space))


def levels(found: Target) -> ColumnElement[bool]:
    """Return the condition on `follows` that keeps the rows about something and about where it hangs."""
    kept = [and_(Follow.kind == "space", Follow.of == found.space.id)]
    if found.code:
        kept.append(and_(Follow.kind == "procedure", Follow.of == found.code))
    if found.kind == "thread":
        kept.append(and_(Follow.kind == "thread", Follow.of == found.of))
    return or_(*kept)


def followed(session: Session, actor: Actor, *, kind: str | None = None, page: int, page_size: int) -> tuple[list[Followed], int]:
    """Return a page of what the actor follows and may read, the newest first, and how much that is. Raises: Invalid."""
    if kind not in (None, *KINDS_FOLLOWED):
        raise Invalid(N_("This must be one of %(expected)s."), field="kind", expected=", ".join(KINDS_FOLLOWED))
    rows = (
        select(Follow, Space, Thread.heading, Version.title)
        .outerjoin(Thread, and_(Follow.kind == "thread", Thread.id == Follow.of))
        .outerjoin(Procedure, and_(Follow.kind == "procedure", Procedure.code == Follow.of))
        .outerjoin(Version, and_(Version.procedure_id == Procedure.id, Version.number == _newest()))
        .join(Space, Space.id == func.coalesce(Thread.space_id, Procedure.space_id, Follow.of))
        .where(Follow.person_id == actor.id, Follow.ended_at.is_(None), readable_spaces(actor), Thread.hidden_at.is_(None))
    )
    if kind:
        rows = rows.where(Follow.kind == kind)
    total = session.scalar(select(func.count()).select_from(rows.with_only_columns(Follow.of, Follow.kind).subquery()))
    page_rows = rows.order_by(Follow.at.desc(), Follow.of).limit(page_size).offset((page - 1) * page_size)
    return [_listed(*row) for row in session.execute(page_rows)], total


def _newest():
    other = Version.__table__.alias()
    return select(func.max(other.c.number)).where(other.c.procedure_id == Procedure.id).correlate(Procedure).scalar_subquery()


def _listed(row: Follow, space: Space, heading: str | None, title: str | None) -> Followed:
    name = space.slug if row.kind == "space" else row.of
    url = {"thread": f"/threads/{row.of}", "procedure": f"/procedures/{row.of}", "space": f"/spaces/{space.slug}"}[row.kind]
    words = {"thread": heading or "", "procedure": title or "", "space": space.name}[row.kind]
    return Followed(row.kind, row.of, name, words, url, space, row.why, row.at)


