"""The bridge to the rule: changes that grew out of threads. The threads' words are shown beside a change, never copied."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from accounts.policy import readable_spaces
from core import journal
from core.errors import Invalid, N_
from discussions.models import Citation, Thread
from discussions.shown import shown
from wiki import changes
from wiki.models import Change, Procedure, Version


@dataclass(frozen=True)
class CitingChange:
    """A change that cites a thread, as a reader who may see it finds it."""

    id: str
    state: str
    reason: str = ""        # why it was declined


@dataclass(frozen=True)
class Became:
    """The version that a thread became a part of: every reader of the procedure may know."""

    code: str
    version: int
    in_force_from: date
    is_coming: bool        # its day has not come


_CITES = select(Citation.thread_id).where(Citation.change_id == bindparam("change")).limit(1)


def cite(session: Session, actor: Actor, change_id: str, thread_ids: Collection[str]) -> None:
    """Link a change to the threads it grew out of; a link that is there already stays.

    Raises: NotFound if the actor does not see the change; Invalid where they cannot read a thread or it is not of the
    change's space.
    """
    if not thread_ids:
        return
    change, space = changes.readable(session, actor, change_id)
    wanted = list(dict.fromkeys(thread_ids))
    known = set(session.scalars(select(Thread.id).where(Thread.id.in_(wanted), Thread.space_id == space.id, shown())))
    if len(known) < len(wanted):
        raise Invalid(N_("Only threads of the same space can be cited."), field="threads")
    chain = journal.lock(session, space.id)
    cited = set(session.scalars(select(Citation.thread_id).where(Citation.change_id == change.id)))
    for thread_id in wanted:
        if thread_id not in cited:
            session.add(Citation(change_id=change.id, thread_id=thread_id))
            journal.add(session, chain, actor=actor.id, act="cite", object=f"thread:{thread_id}", content=change.id)
    session.flush()


def threads_of(session: Session, actor: Actor, change_id: str) -> list[Thread]:
    """Return the threads that a change grew out of, those the actor may read."""
    if session.scalar(_CITES, {"change": change_id}) is None:       # as most do: the question below costs ten times this
        return []
    return threads_of_changes(session, actor, [change_id]).get(change_id, [])


def threads_of_changes(session: Session, actor: Actor, change_ids: Collection[str]) -> dict[str, list[Thread]]:
    """Return, by change, the threads that it grew out of, those the actor may read; a change without any is left out."""
    rows = session.execute(
        select(Citation.change_id, Thread)
        .join(Thread, Citation.thread_id == Thread.id)
        .join(Space, Space.id == Thread.space_id)
        .where(Citation.change_id.in_(list(change_ids)), readable_spaces(actor), shown())
        .order_by(Thread.opened_at, Thread.id)
    )
    found: dict[str, list[Thread]] = {}
    for change_id, thread in rows:
        found.setdefault(change_id, []).append(thread)
    return found


def changes_of(session: Session, actor: Actor, thread_ids: Sequence[str]) -> dict[str, list[CitingChange]]:
    """Return, by thread, the changes that cite it and that the actor may see, the oldest first."""
    rows = session.execute(
        select(Citation.thread_id, Change, Space)
        .join(Change, Change.id == Citation.change_id)
        .join(Space, Space.id == Change.space_id)
        .where(Citation.thread_id.in_(list(thread_ids)), readable_spaces(actor))
        .order_by(Change.opened_at, Change.id)
    )
    found: dict[str, list[CitingChange]] = {}
    for thread_id, change, space in rows:
        if changes.may_see(actor, change, space):
            found.setdefault(thread_id, []).append(CitingChange(change.id, change.state, change.end_reason if change.state == "declined" else ""))
    return found


def became_of(session: Session, thread_ids: Sequence[str], *, today: date) -> dict[str, list[Became]]:
    """Return, by thread found readable, the versions that grew out of it, the oldest first."""
    rows = session.execute(
        select(Citation.thread_id, Procedure.code, Version.number, Version.in_force_from)
        .join(Version, Version.change_id == Citation.change_id)
        .join(Procedure, Procedure.id == Version.procedure_id)
        .where(Citation.thread_id.in_(list(thread_ids)), Version.cancelled_by.is_(None))
        .order_by(Version.id)
    )
    found: dict[str, list[Became]] = {}
    for thread_id, *became in rows:
        found.setdefault(thread_id, []).append(Became(*became, is_coming=became[-1] > today))
    return found
