"""The nouns of this package: people, their ways in, spaces and grants."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant, Key, new_id

VISIBILITIES = ("public", "internal", "restricted")
ROLES = ("member", "author", "approver", "animator", "auditor")
LANGUAGES = ("en", "fr")


class Person(Base):
    """Somebody with a real name. An employee unless let in as a guest; never deleted, only disabled."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    password_set_at: Mapped[datetime | None] = mapped_column(Instant)
    language: Mapped[str | None] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(Instant)
    guest_since: Mapped[datetime | None] = mapped_column(Instant)
    administrator_since: Mapped[datetime | None] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)


class SignIn(Base):
    """A session kept on the server: ending the row ends it everywhere."""

    __tablename__ = "sign_ins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)


class OneTimeLink(Base):
    """A way in that works once: an invitation, or a first sign-in."""

    __tablename__ = "one_time_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Token(Base):
    """A key to the JSON API that acts as its owner, until revoked."""

    __tablename__ = "tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class Attempt(Base):
    """A failed try at signing in or at a password, kept to slow the next ones down."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_subject_at", "subject", "at"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)


class Space(Base):
    """A community with members and one policy. Its git repository is its wall."""

    __tablename__ = "spaces"

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    visibility: Mapped[str] = mapped_column(String(10))
    approvals_required: Mapped[int] = mapped_column(Integer)
    language: Mapped[str] = mapped_column(String(2))
    prefix: Mapped[str] = mapped_column(String(6), unique=True)
    last_number: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    recorded_tip: Mapped[str | None] = mapped_column(String(40))


class Grant(Base):
    """A role that somebody was given in a space."""

    __tablename__ = "grants"
    __table_args__ = (UniqueConstraint("space_id", "person_id", "role"), Index("ix_grants_person_id", "person_id"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    role: Mapped[str] = mapped_column(String(10))
    granted_at: Mapped[datetime] = mapped_column(Instant)
    granted_by: Mapped[str | None] = mapped_column(Key)
