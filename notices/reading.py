"""What somebody was told, as it is shown: unread first, what belongs together in one place; and saying that it was read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.orm import Session, aliased

from accounts.actors import Actor
from accounts.models import Person, Space
from core import clock
from core.errors import N_, NotFound, Unauthenticated
from discussions.models import Post, Thread
from notices.models import Notice
from notices.reach import reachable
from wiki.models import Change, ChangeText, Procedure, Version

MOST_COUNTED = 100


@dataclass(frozen=True)
class Shown:
    """One notice with what its sentence needs, all of it read now."""

    notice: Notice
    space: Space
    actor: str | None           # the name of who did it
    subject: str | None         # of whom it is about
    subject_is_me: bool
    code: str | None
    title: str
    heading: str                # of the thread
    thread_kind: str | None
    post: Post | None
    change: Change | None

    @property
    def group(self) -> str:
        """What it belongs together with."""
        notice = self.notice
        return notice.thread_id or self.code or notice.change_id or notice.id

    @property
    def url(self) -> str:
        """Where it leads, as a path."""
        notice = self.notice
        if notice.kind == "review_due":
            return f"/procedures/{self.code}/review"
        if notice.kind == "desk":
            return f"/spaces/{self.space.slug}/desk"
        if notice.kind == "to_read":
            return f"/spaces/{self.space.slug}/to-read"
        if notice.kind in ("receipt", "reminder"):
            return f"/procedures/{self.code}/receipt"
        if notice.post_id and (self.post is None or self.post.number > 1):
            return f"/posts/{notice.post_id}"
        if notice.thread_id:
            return f"/threads/{notice.thread_id}"
        if notice.kind in ("scheduled", "published") and self.code:
            return f"/procedures/{self.code}/versions/{notice.version}"
        if notice.change_id:
            return f"/changes/{notice.change_id}"
        return f"/procedures/{self.code}" if self.code else f"/spaces/{self.space.slug}"


@dataclass(frozen=True)
class Group:
    """Notices that belong together, the newest first."""

    key: str
    shown: Sequence[Shown]

    @property
    def unread(self) -> list[Shown]:
        """Those that were not read."""
        return [one for one in self.shown if one.notice.read_at is None]


def unread_count(session: Session, actor: Actor) -> int:
    """Return how many notices somebody has not read, counted as far as a hundred, in one statement."""
    return session.scalar(_counting(_Rights.of(actor))) if actor.is_somebody else 0


@dataclass(frozen=True)
class _Rights:
    """What the statement that counts is made of: it is the same for the same person with the same team and roles."""

    id: str
    is_guest: bool
    team: str
    roles: frozenset[tuple[str, frozenset[str]]]
    actor: Actor = field(compare=False)

    @classmethod
    def of(cls, actor: Actor) -> "_Rights":
        return cls(actor.id, actor.is_guest, actor.team, frozenset(actor.roles.items()), actor)


@lru_cache(maxsize=2048)
def _counting(rights: _Rights) -> Select:
    # Every page asks, and to put the statement together took longer than to run it.
    rows = reachable(rights.actor, Notice.id).where(Notice.read_at.is_(None)).limit(MOST_COUNTED)
    return select(func.count()).select_from(rows.subquery())


def listed(session: Session, actor: Actor, *, unread: bool = False, page: int, page_size: int) -> tuple[list[Shown], int]:
    """Return a page of what somebody was told, unread first, the newest first, and how much that is.

    Raises: Unauthenticated for nobody.
    """
    if not actor.is_somebody:
        raise Unauthenticated(N_("Sign in to do this."))
    wanted = (Notice.read_at.is_(None),) if unread else ()
    total = session.scalar(select(func.count()).select_from(reachable(actor, Notice.id).where(*wanted).subquery()))
    first = case((Notice.read_at.is_(None), 0), else_=1)
    rows = reachable(actor, Notice).where(*wanted).order_by(first, Notice.at.desc(), Notice.id)
    return shown(session, actor, rows.limit(page_size).offset((page - 1) * page_size)), total


def shown(session: Session, actor: Actor, chosen: Select) -> list[Shown]:
    """Return chosen notices with what their sentences need, in the same order and a constant number of statements."""
    order = {notice.id: at for at, notice in enumerate(session.scalars(chosen))}
    by, about = aliased(Person), aliased(Person)
    rows = session.execute(
        select(Notice, Space, by.name, about.name, Thread, Post, Change, func.coalesce(Thread.procedure_id, Notice.procedure_id))
        .outerjoin(Thread, Thread.id == Notice.thread_id)
        .outerjoin(Post, Post.id == Notice.post_id)
        .outerjoin(Change, Change.id == Notice.change_id)
        .join(Space, Space.id == func.coalesce(Thread.space_id, Notice.space_id))
        .outerjoin(by, by.id == Notice.actor_id)
        .outerjoin(about, about.id == Notice.subject_id)
        .where(Notice.id.in_(order))
    ).all()
    codes = _codes(session, {id for *_, id in rows if id})
    codes_of_changes = _codes_of_changes(session, {row.Change.id for row in rows if row.Change})
    found = [_shown(actor, row, codes, codes_of_changes) for row in rows]
    return sorted(found, key=lambda one: order[one.notice.id])


def grouped(found: Sequence[Shown]) -> list[Group]:
    """Return notices by what they belong together with, in the order of the first of each."""
    groups: dict[str, list[Shown]] = {}
    for one in found:
        groups.setdefault(one.group, []).append(one)
    return [Group(key, together) for key, together in groups.items()]


def mark_read(session: Session, actor: Actor, id: str) -> Shown:
    """Say that one has read a notice; saying it again changes nothing. Raises: NotFound."""
    found = shown(session, actor, reachable(actor, Notice).where(Notice.id == id)) if actor.is_somebody else []
    if not found:
        raise NotFound()
    notice = found[0].notice
    notice.read_at = notice.read_at or clock.now()
    session.flush()
    return found[0]


def mark_all_read(session: Session, actor: Actor, *, until: datetime | None = None, thread_id: str | None = None) -> int:
    """Say that one has read everything told up to an instant, perhaps only of one thread, and return how much that was."""
    rows = update(Notice).where(Notice.person_id == actor.id, Notice.read_at.is_(None))
    if until is not None:
        rows = rows.where(Notice.at <= until)
    if thread_id is not None:
        rows = rows.where(Notice.thread_id == thread_id)
    return session.execute(rows.values(read_at=clock.now()).execution_options(synchronize_session=False)).rowcount


def has_unread_of(session: Session, actor: Actor, thread_id: str) -> bool:
    """Say whether something of a thread was told to somebody and not read yet."""
    rows = select(Notice.id).where(Notice.person_id == actor.id, Notice.read_at.is_(None), Notice.thread_id == thread_id)
    return actor.is_somebody and session.scalar(rows.limit(1)) is not None


def _shown(actor: Actor, row, codes: dict, codes_of_changes: dict) -> Shown:
    notice, space, by, about, thread, post, change, procedure_id = row
    code, title = codes.get(procedure_id) or codes_of_changes.get(notice.change_id) or (None, "")
    return Shown(
        notice=notice, space=space, actor=by, subject=about, subject_is_me=notice.subject_id == actor.id, code=code, title=title,
        heading=thread.heading if thread else "", thread_kind=thread.kind if thread else None, post=post, change=change,
    )


def _codes(session: Session, ids: set[int]) -> dict[int, tuple[str, str]]:
    rows = (
        select(Procedure.id, Procedure.code, Version.title)
        .outerjoin(Version, Version.procedure_id == Procedure.id)
        .where(Procedure.id.in_(ids))
        .order_by(Version.number)
    )
    return {id: (code, title or "") for id, code, title in session.execute(rows)} if ids else {}


def _codes_of_changes(session: Session, ids: set[str]) -> dict[str, tuple[str, str]]:
    if not ids:
        return {}
    rows = session.execute(
        select(ChangeText.change_id, ChangeText.code, Version.title)
        .outerjoin(Procedure, Procedure.code == ChangeText.code)
        .outerjoin(Version, Version.procedure_id == Procedure.id)
        .where(ChangeText.change_id.in_(ids))
        .order_by(ChangeText.position.desc(), Version.number)
    )
    return {id: (code, title or "") for id, code, title in rows}
