"""What was done to a thread: one act in the journal, and one line that its readers are told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person
from core import clock, journal
from core.journal import Chain
from discussions.care import ThreadEvent
from discussions.models import Thread


@dataclass(frozen=True)
class Told:
    """One thing that was done to a thread, by whom and when."""

    act: str
    person: str
    person_id: str
    at: datetime
    reason: str
    told: dict

    @property
    def until(self) -> date | None:
        """The last day of a pin."""
        return date.fromisoformat(self.told["until"]) if self.told.get("until") else None


def tell(
    session: Session, chain: Chain, actor: Actor, thread: Thread, act: str, *, object: str | None = None,
    reason: str | None = None, content: str | None = None, **told,
) -> None:
    """Add an act to the journal and to what the thread's readers are told, in the caller's transaction.

    `object` is what the act was about where that is not the thread; `told` names things and never holds people's words.
    """
    session.add(ThreadEvent(thread_id=thread.id, act=act, person_id=actor.id, at=clock.now(), reason=reason or "", told=told))
    session.flush()
    journal.add(session, chain, actor=actor.id, act=act, object=object or f"thread:{thread.id}", reason=reason, content=content)


def told_of(session: Session, threads: Iterable[Thread]) -> dict[str, list[Told]]:
    """Return what was done to threads that were found readable, by thread, the oldest first."""
    rows = session.execute(
        select(ThreadEvent, Person.name)
        .join(Person, Person.id == ThreadEvent.person_id)
        .where(ThreadEvent.thread_id.in_([thread.id for thread in threads]))
        .order_by(ThreadEvent.id)
    )
    found: dict[str, list[Told]] = {}
    for event, name in rows:
        found.setdefault(event.thread_id, []).append(Told(event.act, name, event.person_id, event.at, event.reason, event.told))
    return found
