"""The noun of this package: an inspection of the site."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant, Key, new_id


class Inspection(Base):
    """A check of the whole record (`verify`), or of the way out for mail (`mail`), with what came of it."""

    __tablename__ = "inspections"
    __table_args__ = (Index("ix_inspections_kind_asked_at", "kind", "asked_at"),)

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(10))
    asked_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))       # None: by the site itself, at night
    asked_at: Mapped[datetime] = mapped_column(Instant)
    begun_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    findings: Mapped[int | None] = mapped_column(Integer)
    told: Mapped[list | None] = mapped_column(JSON(none_as_null=True))          # the first findings, or the step of the mail that failed
