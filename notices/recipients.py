"""Who is to be told: people as sets of ids, whatever their number in a constant number of statements. Only who may read
the space is ever among them; that is asked again when a notice is shown and when it is sent."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.directory import standing
from accounts.models import Grant, Person, Space
from accounts.policy import readers_of
from core import clock
from notices.following import KINDS_NEAREST, Target, levels
from notices.models import Follow


def followers_of(session: Session, found: Target) -> tuple[set[str], set[str]]:
    """Return who follows something, by the nearest word they said of it, and who said that they do not."""
    rows = session.execute(
        select(Follow.person_id, Follow.kind, Follow.ended_at)
        .join(Person, Person.id == Follow.person_id)
        .where(levels(found), readers_of(found.space), Person.id.not_in(_auditors(found.space)))
    )
    nearest: dict[str, tuple[int, bool]] = {}
    for person, kind, ended_at in rows:
        said = (KINDS_NEAREST.index(kind), ended_at is None)
        nearest[person] = min(said, nearest.get(person, said))
    told = {person for person, (_, follows) in nearest.items() if follows}
    told |= with_role(session, found.space, "animator") - set(nearest)
    return told, {person for person, (_, follows) in nearest.items() if not follows}


def followers_of_thread_alone(session: Session, space: Space, thread_id: str) -> set[str]:
    """Return who follows a thread itself, rather than where it hangs."""
    rows = select(Follow.person_id).join(Person, Person.id == Follow.person_id)
    own = (Follow.kind == "thread", Follow.of == thread_id, Follow.ended_at.is_(None), Person.id.not_in(_auditors(space)))
    return set(session.scalars(rows.where(*own, readers_of(space))))


def with_role(session: Session, space: Space, *roles: str) -> set[str]:
    """Return who holds one of these roles in a space, any role where none is named."""
    rows = select(Grant.person_id).join(Person, Person.id == Grant.person_id).where(
        Grant.space_id == space.id, standing(clock.now()), readers_of(space)
    )
    return set(session.scalars(rows.where(Grant.role.in_(roles)) if roles else rows))


def readers(session: Session, space: Space, people: Collection[str | None]) -> set[str]:
    """Return those of some people who may read a space."""
    wanted = [id for id in people if id]
    return set(session.scalars(select(Person.id).where(Person.id.in_(wanted), readers_of(space)))) if wanted else set()


def _auditors(space: Space):
    # Whoever became an auditor follows nothing there any more: the journal is theirs.
    return select(Grant.person_id).where(Grant.space_id == space.id, Grant.role == "auditor", standing(clock.now()))
