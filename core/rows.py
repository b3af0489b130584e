"""Rows written at once by statements that are built once, where a unit of work would cost several times the statement."""

from functools import lru_cache

from sqlalchemy import Insert, Update, bindparam, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from core.database import Base


def add(session: Session, kind: type[Base], values: dict) -> None:
    """Add a row with these values of its columns, which the session does not hold."""
    session.connection().execute(_add_to(kind), values)


def put(session: Session, row: Base, **values) -> None:
    """Give columns of a row that the session holds other values. Not within a savepoint: what it undoes stays on the object.

    Raises: StaleDataError if the row is not there any more.
    """
    (key,) = row.__table__.primary_key.columns
    changed = session.connection().execute(_put_into(type(row), tuple(values)), {"of": getattr(row, key.name), **values})
    if changed.rowcount != 1:
        raise StaleDataError(f"{row.__table__.name}: no row to update")
    for name, value in values.items():
        set_committed_value(row, name, value)


@lru_cache
def _add_to(kind: type[Base]) -> Insert:
    return insert(kind.__table__)


@lru_cache
def _put_into(kind: type[Base], names: tuple[str, ...]) -> Update:
    (key,) = kind.__table__.primary_key.columns
    return update(kind.__table__).where(key == bindparam("of")).values({name: bindparam(name) for name in names})
