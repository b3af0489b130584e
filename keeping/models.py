"""The nouns of this package: when backups are made, and each one that was tried."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant, Key, new_id


class BackupPlan(Base):
    """When a backup is made by itself, as somebody set it; the newest row counts."""

    __tablename__ = "backup_plans"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    hour: Mapped[int | None] = mapped_column(Integer)               # of the day in the site's zone; None: never
    keep: Mapped[int] = mapped_column(Integer)                      # how many, the newest ones
    set_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[datetime] = mapped_column(Instant)


class Backup(Base):
    """One backup into the site's folder: whole, or why it could not be made."""

    __tablename__ = "backups"

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)
    begun_at: Mapped[datetime] = mapped_column(Instant, index=True)
    ended_at: Mapped[datetime] = mapped_column(Instant)
    asked_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))      # None: by itself, or from the command line
    path: Mapped[str] = mapped_column(String(1024))
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    failed_because: Mapped[str] = mapped_column(Text, default="")   # a sentence of ours; empty: it is whole
    pruned_at: Mapped[datetime | None] = mapped_column(Instant)     # its file made room for newer ones

    @property
    def is_good(self) -> bool:
        """Whether it was made whole."""
        return not self.failed_because
