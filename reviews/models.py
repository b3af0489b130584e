"""The nouns of upkeep: what a reviewer said of a version, and the private address of a calendar."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant, Key, new_id

VERDICTS = ("still_right", "needs_change", "retire")


class Review(Base):
    """What somebody said after looking at the version in force. Rows are added and never changed.

    `day` is the date in the site's zone when it was said: the next review is counted from it. `sequence` is that of its
    act in the space's chain: what came before and after is told by it and never by a clock.
    """

    __tablename__ = "reviews"
    __table_args__ = (Index("ix_reviews_procedure_id_sequence", "procedure_id", "sequence"),)

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedures.id"))
    version: Mapped[int] = mapped_column(Integer)
    verdict: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)
    sequence: Mapped[int] = mapped_column(Integer)


class CalendarAddress(Base):
    """A private address of somebody's calendar, of which only a hash is kept, until it is revoked."""

    __tablename__ = "calendar_addresses"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
