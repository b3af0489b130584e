"""Which notices somebody may still see: rights are asked of what a notice is about as it stands now, in one condition that
the count, the list, the API and each letter share. What no longer waits for anybody is no longer said."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.sql.functions import coalesce

from accounts.actors import Actor
from accounts.models import Space
from accounts.policy import readable_spaces, spaces_where
from discussions.models import Post, Thread
from discussions.shown import spoken
from notices.models import Notice
from receipts.models import Receipt
from receipts.to_read import may_ask
from wiki.models import Change

_PLAIN = ("mention", "answer", "thread", "post", "settled", "own_check", "check", "in_force", "scheduled", "cancelled")


def reachable(actor: Actor, *columns) -> Select:
    """Return the statement that selects these columns of the notices that the actor may see now."""
    return (
        select(*columns)
        .select_from(Notice)
        .outerjoin(Thread, Thread.id == Notice.thread_id)
        .outerjoin(Post, Post.id == Notice.post_id)
        .outerjoin(Change, Change.id == Notice.change_id)
        .join(Space, Space.id == coalesce(Thread.space_id, Notice.space_id))
        .where(Notice.person_id == actor.id, readable_spaces(actor), _still_there(), _for(actor))
    )


def _still_there() -> ColumnElement[bool]:
    return and_(or_(Notice.post_id.is_(None), spoken()), Thread.hidden_at.is_(None))


def _for(actor: Actor) -> ColumnElement[bool]:
    writes, decides = spaces_where(actor, "author"), spaces_where(actor, "approver")
    sees = spaces_where(actor, "author", "approver", "auditor")
    told_of_rights = spaces_where(actor, "approver", "auditor")
    waits = and_(Change.state == "draft", Change.proposed_at.is_not(None), Change.taken_over_at.is_(None))
    return or_(
        Notice.kind.in_(_PLAIN),
        and_(Notice.kind == "accepted", Thread.accepted_post_id == Notice.post_id),
        and_(Notice.kind == "to_decide", _in(decides), Change.state == "in_review"),
        and_(Notice.kind == "proposed", _in(writes), waits),
        and_(Notice.kind.in_(("taken_over", "published", "declined", "fell")), or_(_in(sees), Change.opened_by == actor.id)),
        and_(Notice.kind.in_(("receipt", "reminder")), ~_in(spaces_where(actor, "auditor")), ~_attested(actor)),
        and_(Notice.kind == "to_read", ~_in(spaces_where(actor, "auditor")), may_ask(actor)),
        and_(Notice.kind == "review_due", _in(sorted({*writes, *decides}))),
        and_(Notice.kind.in_(("approver", "approvals")), _in(told_of_rights)),
        and_(Notice.kind == "desk", _in(spaces_where(actor, "animator"))),
        and_(Notice.kind == "let_in", _in(list(actor.roles))),
    )


def _in(space_ids: Collection[str]) -> ColumnElement[bool]:
    return Space.id.in_(list(space_ids))


def _attested(actor: Actor) -> ColumnElement[bool]:
    return exists().where(
        Receipt.procedure_id == Notice.procedure_id, Receipt.person_id == actor.id, Receipt.version >= Notice.version
    )
