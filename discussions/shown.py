"""Which threads there are for readers: every list, count, search, link and feed asks here."""

from sqlalchemy import ColumnElement, and_, case

from discussions.models import Post, Thread


def shown() -> ColumnElement[bool]:
    """Return the condition that keeps the threads which were neither hidden nor merged into another."""
    return and_(Thread.hidden_at.is_(None), Thread.merged_into.is_(None))


def spoken() -> ColumnElement[bool]:
    """Return the condition that keeps the posts whose words stand: neither erased nor hidden."""
    return and_(Post.erased_at.is_(None), Post.hidden_at.is_(None))


def pinned_first(today) -> ColumnElement[int]:
    """Return what a list is ordered by first, so that pinned threads stand on top through the last of their days."""
    return case((Thread.pinned_until >= today, 0), else_=1)
