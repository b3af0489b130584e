"""The database: one engine, and the one edge where a transaction begins and ends."""

import secrets
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import DateTime, MetaData, String, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from core.errors import Invalid, N_, Problem
from core.stamps import SnapshotStamps, SqliteStamps

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
ID_LENGTH = 16


def new_id() -> str:
    """Return a random id of 16 characters (80 bits): it counts nothing and can be typed."""
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in secrets.token_bytes(ID_LENGTH))     # 32 of them divide 256


def unkept() -> Invalid:
    """Return the refusal of a value that the database cannot even be asked about, such as NUL in a word."""
    return Invalid(N_("This value cannot be taken."))


class Base(DeclarativeBase):
    """The base of every noun kept in SQL; constraints have names so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Instant(TypeDecorator):
    """An aware UTC datetime, on engines that keep zones and on those that do not."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect):
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect):
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Key = String(ID_LENGTH)


class Database:
    """An engine with two ways in: `transaction` to write, `reading` to look."""

    def __init__(self, url: str):
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite(url) if self.is_sqlite else create_engine(url, pool_size=8, max_overflow=24, pool_pre_ping=True, hide_parameters=True)
        self._writing = self.engine.execution_options(writes=True)
        self._looking = self.engine.execution_options(isolation_level="REPEATABLE READ") if not self.is_sqlite else self.engine
        self._stamps = SqliteStamps(make_url(url).database) if self.is_sqlite else SnapshotStamps(self.engine)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session whose work is committed at the end of the block, or undone if it raises. Its `info` says `committed`
        once it is.

        Raises: Invalid for a value that the database cannot keep or look for.

        A problem that is an act of its own (`Problem.kept`) is raised after what it wrote was committed.

        On SQLite the transaction takes the write lock at once (BEGIN IMMEDIATE): one that reads first and writes later
        would be refused without waiting.
        """
        with Session(self._writing, expire_on_commit=False) as session:
            try:
                yield session
            except Problem as problem:
                if problem.keeps:
                    session.commit()
                raise
            except DataError as error:
                raise unkept() from error
            session.commit()
            session.info["committed"] = True

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one snapshot and whose changes, if any, are thrown away."""
        with Session(self._looking, autoflush=False) as session:
            yield session

    def stamp(self) -> Hashable | None:
        """Return what stays the same as long as nothing at all is committed, by whomever; None if that cannot be known."""
        return self._stamps.take()

    def dispose(self) -> None:
        """Close the pooled connections, as a process must after a fork."""
        self._stamps.forget()
        self.engine.dispose(close=False)


def add_missing(session: Session, model: type[Base], rows: Sequence[dict]) -> None:
    """Add rows, leaving out those whose key is there already, in one statement for all."""
    if rows:
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        session.connection().execute(dialect.insert(model.__table__).on_conflict_do_nothing(), rows)


def _sqlite(url: str):
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, connect_args={"timeout": 30, "check_same_thread": False}, pool_size=8, max_overflow=24, hide_parameters=True
    )
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "checkin", _end_sqlite)
    return engine


def _open_sqlite(connection, _record) -> None:
    # The driver's own idea of when a transaction begins is too late for us: we begin it ourselves.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}").close()


def _end_sqlite(connection, _record) -> None:
    # A COMMIT that failed may leave its transaction open; kept in the pool, it would let nobody write.
    if connection is not None and connection.in_transaction:
        connection.rollback()


def _begin_sqlite(connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
