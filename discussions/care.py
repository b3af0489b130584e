"""The nouns of keeping a community in order: what happened to threads, hidden words, reports, who was asked, gaps."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant, Key, new_id

PARTS = ("cause", "answer", "action", "close_by")


class ThreadEvent(Base):
    """One thing that was done to a thread, as its readers are told; `told` names other threads, codes, people or days.

    Words that somebody wrote are never in `told`: they are erased where they stand.
    """

    __tablename__ = "thread_events"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    thread_id: Mapped[str] = mapped_column(ForeignKey("threads.id"), index=True)
    act: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text, default="")
    told: Mapped[dict] = mapped_column(JSON, default=dict)


class HiddenWords(Base):
    """The words of a post while it is hidden. Only animators and auditors of the space are given them."""

    __tablename__ = "hidden_words"

    post_id: Mapped[str] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)


class Report(Base):
    """Somebody tells the animators of a message, with a word; open until one of them has settled it."""

    __tablename__ = "reports"
    __table_args__ = (Index("ix_reports_post_id", "post_id"), Index("ix_reports_space_id_settled_at", "space_id", "settled_at"))

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id"))
    post_id: Mapped[str] = mapped_column(ForeignKey("posts.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    word: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    settled_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


class Route(Base):
    """An animator asked somebody who may know to look at a thread."""

    __tablename__ = "routes"

    thread_id: Mapped[str] = mapped_column(ForeignKey("threads.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class GapStep(Base):
    """One thing that was said of a gap: its cause, the answer, the action, or the day it is to be closed by.

    The newest of each part counts; those before stay, so that a day which moved three times can be seen to have moved.
    """

    __tablename__ = "gap_steps"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    thread_id: Mapped[str] = mapped_column(ForeignKey("threads.id"), index=True)
    part: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(Text, default="")
    day: Mapped[date | None] = mapped_column(Date)          # of `close_by`
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class Picture(Base):
    """A picture that came with a post; its bytes are under uploads, by their SHA-256. Gone with the words of the post."""

    __tablename__ = "post_pictures"

    post_id: Mapped[str] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(Integer)
    type: Mapped[str] = mapped_column(String(40))
