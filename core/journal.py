"""The journal: an append-only, hash-chained record of every act.

One chain for the site and one per space. It keeps who, what, when and salted digests, never the words, so that words
can lawfully be erased together with their salt while the chain stays valid.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, Index, Integer, Select, String, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock, rows
from core.database import Base, Instant, Key

SITE = "site"
GENESIS = "0" * 64


class Chain(Base):
    """The head of one chain. Its row is the lock of everything that must happen in order in a space.

    `shared` is the last act that more than one page may show.
    """

    __tablename__ = "chains"

    name: Mapped[str] = mapped_column(Key, primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    hash: Mapped[str] = mapped_column(String(64), default=GENESIS)
    shared: Mapped[int] = mapped_column(Integer, default=0, server_default="0")


class Act(Base):
    """One thing somebody did. Rows are added and never changed."""

    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("chain", "sequence"),
        Index("ix_journal_object", "object"),
        Index("ix_journal_hash", "hash"),
        Index("ix_journal_chain_actor", "chain", "actor"),     # of the journal's page, which asks by person
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    chain: Mapped[str] = mapped_column(Key)
    sequence: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str | None] = mapped_column(Key)
    act: Mapped[str] = mapped_column(String(40))
    object: Mapped[str] = mapped_column(String(120))
    reason_digest: Mapped[str | None] = mapped_column(String(64))
    reason_salt: Mapped[str | None] = mapped_column(String(32))
    content_digest: Mapped[str | None] = mapped_column(String(64))
    content_salt: Mapped[str | None] = mapped_column(String(32))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


_COLUMNS = tuple(column.name for column in Act.__table__.columns if column.name != "id")


def head_of(name: ColumnElement[str]) -> Select:
    """Return the statement that locks the chain of this name, to be built once."""
    return select(Chain).where(Chain.name == name).with_for_update().execution_options(populate_existing=True)


_HEAD = head_of(bindparam("name"))


def lock(session: Session, name: str) -> Chain:
    """Lock a chain until the transaction ends and return its head as it stands now; begin the chain if it is new.

    A verb that needs several locks takes the site first, then spaces by slug.
    """
    chain = session.scalar(_HEAD, {"name": name})
    if chain is None:
        chain = Chain(name=name, sequence=0, hash=GENESIS)
        session.add(chain)
        session.flush()
    return _remembered(session, chain)


def lock_of(session: Session, head: Select, values: dict) -> Chain | None:
    """Lock the chain of a statement that `head_of` returned and return its head as it stands now; None if there is none."""
    chain = session.scalar(head, values)
    return _remembered(session, chain) if chain else None


def _remembered(session: Session, chain: Chain) -> Chain:
    session.info.setdefault("heads", {}).setdefault(chain.name, chain.hash)
    return chain


def head_before(session: Session, chain: Chain) -> str:
    """Return the hash a chain's head had before this transaction: the only one a crash cannot take away."""
    return session.info["heads"][chain.name]


def add(
    session: Session,
    chain: Chain,
    *,
    actor: str | None,
    act: str,
    object: str,
    reason: str | None = None,
    content: str | None = None,
    at: datetime | None = None,
    shared: bool = True,
) -> Act:
    """Append an act to a chain whose lock the caller holds, in the caller's transaction.

    `object` names what it was about as `kind:id`; `reason` and `content` leave only salted digests. An act that is not
    `shared` shows on one page alone, of which the caller says that it moved.
    """
    reason_salt, reason_digest = _sealed(reason)
    content_salt, content_digest = _sealed(content)
    row = Act(
        chain=chain.name,
        sequence=chain.sequence + 1,
        at=at or clock.now(),
        actor=actor,
        act=act,
        object=object,
        reason_digest=reason_digest,
        reason_salt=reason_salt,
        content_digest=content_digest,
        content_salt=content_salt,
        previous=chain.hash,
    )
    row.hash = expected_hash(row)
    session.flush()
    rows.add(session, Act, {name: getattr(row, name) for name in _COLUMNS})
    rows.put(session, chain, sequence=row.sequence, hash=row.hash, shared=row.sequence if shared else chain.shared)
    session.info.setdefault("acts", []).append((row.chain, row.sequence))
    return row


def expected_hash(row: Act) -> str:
    """Return the hash that a row must carry: SHA-256 over canonical JSON of everything but the salts."""
    covered = [
        row.chain, row.sequence, clock.rfc3339(row.at), row.actor, row.act, row.object,
        row.reason_digest, row.content_digest, row.previous,
    ]
    return hashlib.sha256(json.dumps(covered, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def digest(salt: str, words: str) -> str:
    """Return the salted digest of some words, to show later that these were the words."""
    return hashlib.sha256(f"{salt}\n{words}".encode()).hexdigest()


def findings(session: Session) -> Iterable[str]:
    """Yield one line for every place where a chain is not what it must be."""
    for chain in session.scalars(select(Chain).order_by(Chain.name)):
        yield from _chain_findings(session, chain)


def _chain_findings(session: Session, chain: Chain) -> Iterable[str]:
    previous, sequence = GENESIS, 0
    acts = session.scalars(
        select(Act).where(Act.chain == chain.name).order_by(Act.sequence).execution_options(yield_per=1000)
    )
    for row in acts:
        where = f"journal {chain.name} {row.sequence}"
        if row.sequence != sequence + 1:
            yield f"{where}: follows {sequence}, rows are missing"
        if row.previous != previous:
            yield f"{where}: does not carry the hash of the row before it"
        if row.hash != expected_hash(row):
            yield f"{where}: its content does not have its hash"
        previous, sequence = row.hash, row.sequence
        session.expunge(row)
    if (sequence, previous) != (chain.sequence, chain.hash):
        yield f"journal {chain.name}: ends at {sequence}, its head says {chain.sequence}"


def _sealed(words: str | None) -> tuple[str | None, str | None]:
    if words is None:
        return None, None
    salt = secrets.token_hex(16)
    return salt, digest(salt, words)
