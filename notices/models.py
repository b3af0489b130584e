"""The nouns of this package: what people follow, what they were told, and the letters that carry it."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant, Key, new_id

KINDS_FOLLOWED = ("procedure", "thread", "space")
MODES = ("at_once", "daily", "weekly", "none")
# Said to one person, rather than told to everybody who follows.
DIRECT = frozenset({
    "mention", "answer", "accepted", "own_check", "to_decide", "proposed", "taken_over", "published", "declined", "fell", "receipt",
    "reminder", "review_due", "approver", "approvals", "let_in", "desk", "to_read",
})
FOLLOWED = frozenset({"thread", "post", "settled", "check", "in_force", "scheduled", "cancelled"})


class Follow(Base):
    """Somebody follows a thread, a procedure or a space, or no longer does, which then wins over whatever is automatic.

    `of` is the id of a thread or of a space, or the code of a procedure. `why` is how it began: chosen, or by taking part.
    """

    __tablename__ = "follows"
    __table_args__ = (Index("ix_follows_kind_of", "kind", "of"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    of: Mapped[str] = mapped_column(String(24), primary_key=True)
    why: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Notice(Base):
    """One person was told of one thing. No words of anybody are in it: they are read, and rights asked, when it is shown.

    `cause` is the act, or the day, it comes from: one person is told once of each. `mail_at` is from when it may go by
    mail, None where it does not; `letter_id` the letter that carries it.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("person_id", "cause"),
        Index("ix_notices_person_id_read_at", "person_id", "read_at"),
        Index("ix_notices_letter_id_mail_at", "letter_id", "mail_at"),
        Index("ix_notices_at", "at"),
    )

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    cause: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id"))
    procedure_id: Mapped[int | None] = mapped_column(ForeignKey("procedures.id"))
    thread_id: Mapped[str | None] = mapped_column(ForeignKey("threads.id"))
    post_id: Mapped[str | None] = mapped_column(ForeignKey("posts.id"))
    change_id: Mapped[str | None] = mapped_column(ForeignKey("changes.id"))
    version: Mapped[int | None] = mapped_column(Integer)
    subject_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))     # whom it is about: who became an approver
    word: Mapped[str] = mapped_column(String(20), default="")                   # a role, a day, a number: what the sentence needs besides
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    mail_at: Mapped[datetime | None] = mapped_column(Instant)
    letter_id: Mapped[str | None] = mapped_column(ForeignKey("letters.id"))


class MailChoice(Base):
    """How somebody wants their notices by mail: what is said to them, and what they follow."""

    __tablename__ = "mail_choices"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    direct: Mapped[str] = mapped_column(String(8))
    followed: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(Instant)


class Outgoing(Base):
    """A letter to one person: the outbox. Its state is its times.

    `handed_at` is committed before a mail server is given it and taken back if the server surely refused; with it, and
    without `sent_at`, the server may have it, so the next try has the same id and carries the same notices.
    """

    __tablename__ = "letters"
    __table_args__ = (Index("ix_letters_due_at", "due_at"), Index("ix_letters_person_id_sent_at", "person_id", "sent_at"))

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)        # of the next try; None once it has ended
    tries: Mapped[int] = mapped_column(Integer, default=0)
    handed_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    dropped_at: Mapped[datetime | None] = mapped_column(Instant)    # nothing was left to say
    refused_at: Mapped[datetime | None] = mapped_column(Instant)
    said: Mapped[str] = mapped_column(Text, default="")             # by the mail server, at the last try


class RefusedAddress(Base):
    """A mail server said for good that nobody can be reached at somebody's address. Until it is taken back, nothing is sent."""

    __tablename__ = "refused_addresses"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime] = mapped_column(Instant)
    said: Mapped[str] = mapped_column(Text)


class Coming(Base):
    """A version whose day is to be told of when it comes."""

    __tablename__ = "coming_versions"
    __table_args__ = (Index("ix_coming_versions_told_at_day", "told_at", "day"),)

    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedures.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    told_at: Mapped[datetime | None] = mapped_column(Instant)


class DayDone(Base):
    """What is done once a day, and the last day on which it was."""

    __tablename__ = "days_done"

    what: Mapped[str] = mapped_column(String(20), primary_key=True)
    day: Mapped[date] = mapped_column(Date)
