"""The nouns of the register: a text from outside, its clauses, and what was said when one was amended."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant, Key, new_id


class Regulation(Base):
    """A text of external origin that a space follows: a law, a standard, a group policy.

    `revision` counts its edits, so that nobody overwrites what they did not see. Taken out of the register, it stays here
    with who and when.
    """

    __tablename__ = "regulations"
    __table_args__ = (UniqueConstraint("space_id", "title"),)

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id"))
    title: Mapped[str] = mapped_column(String(300))
    short: Mapped[str] = mapped_column(String(80), default="")          # another name that procedures may use
    source: Mapped[str] = mapped_column(String(500), default="")        # an address, or where the paper lies
    dated: Mapped[date | None] = mapped_column(Date)                    # the date of the text
    next_check: Mapped[date | None] = mapped_column(Date)               # when somebody looks again whether it changed
    revision: Mapped[int] = mapped_column(Integer, default=1)
    added_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))   # None: the command line
    added_at: Mapped[datetime] = mapped_column(Instant)
    checked_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    dropped_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    dropped_at: Mapped[datetime | None] = mapped_column(Instant)


class Clause(Base):
    """An article or clause of a text, and what it asks in a few words."""

    __tablename__ = "clauses"
    __table_args__ = (UniqueConstraint("regulation_id", "label"),)

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)
    regulation_id: Mapped[str] = mapped_column(ForeignKey("regulations.id"))
    position: Mapped[int] = mapped_column(Integer)                      # in its text, in the order of adding
    label: Mapped[str] = mapped_column(String(80))
    wording: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(Integer, default=1)
    dropped_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    dropped_at: Mapped[datetime | None] = mapped_column(Instant)


class Amendment(Base):
    """Somebody said that a clause was amended, and how. Rows are added and never changed.

    From `day`, the date in the site's zone, the procedures that answer the clause are due for review. `sequence` is that
    of its act in the space's chain.
    """

    __tablename__ = "amendments"

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)
    clause_id: Mapped[str] = mapped_column(ForeignKey("clauses.id"), index=True)
    note: Mapped[str] = mapped_column(Text)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Instant)
    sequence: Mapped[int] = mapped_column(Integer)
