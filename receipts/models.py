"""The nouns of this package: whom a procedure asks, what people attested, and who was asked again."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant

ROLES = ("member", "author", "approver", "animator")
KINDS = ("role", "person", "applies_to")


class AudienceEntry(Base):
    """A part of a procedure's audience: a role of its space, one person, or the teams its text names in `applies_to`.

    An entry that ended stays, so that it can be told whom the procedure asked on any day.
    """

    __tablename__ = "audience_entries"
    __table_args__ = (Index("ix_audience_entries_procedure_id", "procedure_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedures.id"))
    kind: Mapped[str] = mapped_column(String(10))
    role: Mapped[str | None] = mapped_column(String(10))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    added_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Receipt(Base):
    """A person has read and understood a version: who, when, and the text itself by its blob. Rows are added and never changed."""

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint("procedure_id", "person_id", "version"),
        Index("ix_receipts_person_id_procedure_id", "person_id", "procedure_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedures.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(Integer)
    blob: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Instant)


class Reminder(Base):
    """Somebody was asked again for the receipt of a version. Rows are added and never changed."""

    __tablename__ = "reminders"
    __table_args__ = (
        Index("ix_reminders_procedure_id_at", "procedure_id", "at"),
        Index("ix_reminders_person_id_procedure_id", "person_id", "procedure_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedures.id"))
    version: Mapped[int] = mapped_column(Integer)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    asked_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant)
