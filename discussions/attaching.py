"""Sorting: a thread goes to the procedure that it is about, to another, or to none."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from core.errors import Invalid, N_
from discussions.kept_places import forget
from discussions.models import Thread
from discussions.moderating import moderated
from discussions.telling import tell
from discussions.threads import anchor
from wiki.models import Procedure
from wiki.procedures import standing_of
from wiki.repository import Library


def attach(session: Session, library: Library, actor: Actor, thread: Thread, code: str | None) -> Thread:
    """Attach a thread to a procedure of its space, None to none. By an animator.

    Quoted words go along where the other procedure says them too; otherwise the thread is about the whole page.

    Raises: NotFound, Unauthenticated or Denied if the actor may not; Invalid for a code that is none of this space.
    """
    place, chain = moderated(session, actor, thread.id)
    thread, code = place.thread, (code or "").strip().upper()
    if thread.kind == "announcement":
        raise Invalid(N_("An announcement is for a whole space, not for one procedure."), field="code")
    procedure = _procedure(session, place.space, code) if code else None
    if thread.procedure_id == (procedure.id if procedure else None):
        return thread
    thread.procedure_id = procedure.id if procedure else None
    _anchor_anew(session, library, place.space, thread, procedure)
    before = place.procedure.code if place.procedure else None
    tell(session, chain, actor, thread, "attach_thread", content=code, was=before, code=procedure.code if procedure else None)
    return thread


def _procedure(session: Session, space: Space, code: str) -> Procedure:
    found = session.scalar(select(Procedure).where(Procedure.code == code, Procedure.space_id == space.id))
    if found is None:
        raise Invalid(N_("There is no procedure of this code in the space."), field="code")
    return found


def _anchor_anew(session: Session, library: Library, space: Space, thread: Thread, procedure: Procedure | None) -> None:
    forget(session, thread)
    thread.version, thread.position, thread.copies = None, None, 0
    if procedure is not None:
        anchor(library, space, standing_of(session, procedure, library), thread, thread.prefix, thread.suffix)
    if not thread.copies:
        thread.quote = thread.prefix = thread.suffix = ""
