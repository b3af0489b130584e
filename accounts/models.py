"""The nouns of this package: people, their ways in, spaces and grants."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
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
    team: Mapped[str] = mapped_column(String(80), default="")       # what a procedure's `applies_to` and `owner` may name
    password_hash: Mapped[str | None] = mapped_column(String(255))
    password_set_at: Mapped[datetime | None] = mapped_column(Instant)
    language: Mapped[str | None] = mapped_column(String(2))
    timezone: Mapped[str | None] = mapped_column(String(64))        # in which they read times; None: the site's
    created_at: Mapped[datetime] = mapped_column(Instant)
    renamed_at: Mapped[datetime | None] = mapped_column(Instant, index=True)     # pages that are kept hold names
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
    browser: Mapped[str] = mapped_column(String(200), default="", server_default="")       # what it calls itself

    @property
    def id(self) -> str:
        """What a page calls this sign-in: the beginning of a hash, which signs nobody in."""
        return self.token_hash[:16]


class OneTimeLink(Base):
    """A way in that works once: for a first sign-in, or (purpose `password`) for somebody who forgot their password."""

    __tablename__ = "one_time_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    purpose: Mapped[str] = mapped_column(String(8), default="sign_in", server_default="sign_in")    # or "password"


class Token(Base):
    """A key to the JSON API that acts as its owner, until revoked."""

    __tablename__ = "tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def id(self) -> str:
        """What a page calls this token: the beginning of a hash, which opens nothing."""
        return self.token_hash[:16]


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
    seats: Mapped[list | None] = mapped_column(JSON)                # who may give each; None: any approver
    language: Mapped[str] = mapped_column(String(2))
    prefix: Mapped[str] = mapped_column(String(6), unique=True)
    last_number: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    recorded_tip: Mapped[str | None] = mapped_column(String(40))
    words_budget: Mapped[int | None] = mapped_column(Integer)           # of one procedure; None: no budget
    archived_at: Mapped[datetime | None] = mapped_column(Instant)       # since when it is read and no longer written
    archived_by: Mapped[str | None] = mapped_column(Key)
    guests_meet_since: Mapped[datetime | None] = mapped_column(Instant) # None: its guests do not see each other
    recommendations: Mapped[int] = mapped_column(Integer, default=0, server_default="0")    # that each member may make


class Grant(Base):
    """A role that somebody was given in a space."""

    __tablename__ = "grants"
    __table_args__ = (UniqueConstraint("space_id", "person_id", "role"), Index("ix_grants_person_id", "person_id"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    role: Mapped[str] = mapped_column(String(10))
    granted_at: Mapped[datetime] = mapped_column(Instant)
    sequence: Mapped[int] = mapped_column(Integer, default=0)       # of its act in the space's chain: what came first
    granted_by: Mapped[str | None] = mapped_column(Key)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)       # from then on it counts for nothing; None: no end


class Invitation(Base):
    """Somebody asked into a space by somebody of it: used once or never, and answered for as long as it is used."""

    __tablename__ = "invitations"
    __table_args__ = (Index("ix_invitations_space_id", "space_id"), Index("ix_invitations_inviter", "inviter"), Index("ix_invitations_person_id", "person_id"))

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id"))
    kind: Mapped[str] = mapped_column(String(14))                   # invitation, or recommendation by a member
    email: Mapped[str] = mapped_column(String(254))
    note: Mapped[str] = mapped_column(Text, default="")
    inviter: Mapped[str] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)           # of the link
    ends_on: Mapped[date] = mapped_column(Date)                     # the last day of the access it gives
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))       # who came
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    kept_at: Mapped[datetime | None] = mapped_column(Instant)       # when it was last said to be needed
    kept_by: Mapped[str | None] = mapped_column(Key)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str | None] = mapped_column(Key)
