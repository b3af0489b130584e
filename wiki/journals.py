"""Reading a journal: a space's for its auditors, the site's for administrators."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person, Space
from accounts.policy import may_administer
from core import clock
from core.errors import NotFound
from core.journal import SITE, Act


def acts(session: Session, actor: Actor, space: Space | None, *, after: int, page: int, page_size: int) -> tuple[list[dict], int]:
    """Return a page of acts after a sequence number, and how many there are. The right to a space's was asked before.

    Raises: NotFound where the actor may not read the site's.
    """
    if space is None and not may_administer(actor):
        raise NotFound()
    chain = space.id if space else SITE
    wanted = (Act.chain == chain, Act.sequence > after)
    total = session.scalar(select(func.count()).select_from(Act).where(*wanted))
    rows = session.execute(
        select(Act, Person.name)
        .outerjoin(Person, Person.id == Act.actor)
        .where(*wanted)
        .order_by(Act.sequence)
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    return [_shape(act, name) for act, name in rows], total


def _shape(act: Act, name: str | None) -> dict:
    return {
        "sequence": act.sequence,
        "at": clock.rfc3339(act.at),
        "actor": {"id": act.actor, "name": name} if act.actor else None,
        "act": act.act,
        "object": act.object,
        "reason_digest": act.reason_digest,
        "content_digest": act.content_digest,
        "previous": act.previous,
        "hash": act.hash,
    }
