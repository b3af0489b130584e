"""The second look: what people say of a thread after the words it was about have changed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from core import clock, journal
from core.errors import Conflict, Invalid, N_
from discussions.models import VERDICTS, Thread, ThreadCheck
from discussions.placing import Placement, placements
from discussions.threads import locked, may_settle
from wiki.repository import Library


def check(session: Session, library: Library, actor: Actor, thread: Thread, verdict: str) -> Thread:
    """Say whether a thread still holds beside the words in force; saying the same again changes nothing.

    The thread's author or an animator settles it alone, two members settle it together.

    Raises: NotFound, Unauthenticated or Denied if the actor may not take part; Invalid for another verdict; Conflict
    if the words have not changed.
    """
    place, chain = locked(session, actor, thread.id)
    if verdict not in VERDICTS:
        raise Invalid(N_("The verdict is still_true, needs_edit or no_longer_true."), field="verdict")
    thread = place.thread
    placement = placements(session, library, [thread])[thread.id]
    said = _said(session, actor, thread, placement)
    if said is not None and said.verdict == verdict:
        return thread
    if said is None and not placement.needs_check:
        raise Conflict(N_("Nothing in this thread waits for a check."))
    if said is None:
        said = ThreadCheck(thread_id=thread.id, version=placement.version, person_id=actor.id)
        session.add(said)
    said.words, said.verdict, said.at = placement.words, verdict, clock.now()
    said.settles = may_settle(actor, place)
    session.flush()
    journal.add(session, chain, actor=actor.id, act="check", object=f"thread:{thread.id}", content=f"{placement.version} {verdict}")
    return thread


def _said(session: Session, actor: Actor, thread: Thread, placement: Placement) -> ThreadCheck | None:
    return session.scalar(
        select(ThreadCheck).where(
            ThreadCheck.thread_id == thread.id,
            ThreadCheck.version == placement.version,
            ThreadCheck.person_id == actor.id,
        )
    )
