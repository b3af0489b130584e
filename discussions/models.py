"""The nouns of the practice."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant, Key, new_id

KINDS = ("question", "tip", "gap", "announcement")
VERDICTS = ("still_true", "needs_edit", "no_longer_true")


class Thread(Base):
    """A question, a tip, a gap or an announcement, attached to a procedure or only to a space, perhaps to a passage.

    Who may read it is who may read its space. `version` is the one in force when it was opened. The quote and its
    context are kept here and never as marks inside the official text; `position` is where the quote stood in that
    version, None where it did not, and `copies` how many times the same words stood in it.
    """

    __tablename__ = "threads"
    __table_args__ = (
        Index("ix_threads_procedure_id_touched_at", "procedure_id", "touched_at"),
        Index("ix_threads_space_id_touched_at", "space_id", "touched_at"),
        Index("ix_threads_touched_at", "touched_at"),
        Index("ix_threads_kind_replied_at_opened_at", "kind", "replied_at", "opened_at"),
        Index("ix_threads_pinned_until", "pinned_until"),
    )

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id"))
    procedure_id: Mapped[int | None] = mapped_column(ForeignKey("procedures.id"))
    kind: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(200), default="")     # as given; most have none
    heading: Mapped[str] = mapped_column(String(200), default="")   # the title, or the first sentence of the first post
    opened_by: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    touched_at: Mapped[datetime] = mapped_column(Instant)           # the last post
    replied_at: Mapped[datetime | None] = mapped_column(Instant)    # the first reply of somebody else
    last_number: Mapped[int] = mapped_column(Integer, default=0)    # of its posts
    version: Mapped[int | None] = mapped_column(Integer)
    quote: Mapped[str] = mapped_column(Text, default="")
    prefix: Mapped[str] = mapped_column(Text, default="")
    suffix: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int | None] = mapped_column(Integer)
    copies: Mapped[int] = mapped_column(Integer, default=0)
    accepted_post_id: Mapped[str | None] = mapped_column(Key)
    accepted_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    locked_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    locked_at: Mapped[datetime | None] = mapped_column(Instant)
    pinned_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    pinned_at: Mapped[datetime | None] = mapped_column(Instant)
    pinned_until: Mapped[date | None] = mapped_column(Date)         # the last day on which it stands on top
    hidden_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    hidden_at: Mapped[datetime | None] = mapped_column(Instant)
    hidden_because: Mapped[str] = mapped_column(Text, default="")
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("threads.id"), index=True)   # where its posts stand now
    merged_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    merged_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def is_told_apart(self) -> bool:
        """Whether it was known, where the same words stood several times, which of them were quoted."""
        return self.position is not None or self.copies < 2

    @property
    def state(self) -> str:
        """locked, closed, answered or open: the strongest word that is true of it."""
        if self.locked_at:
            return "locked"
        if self.closed_at:
            return "closed"
        return "answered" if self.accepted_post_id else "open"

    @property
    def takes_posts(self) -> bool:
        """Whether anybody can answer in it."""
        return self.closed_at is None and self.locked_at is None and self.hidden_at is None


class Post(Base):
    """One contribution; posts answer posts. `number` 1 opened the thread.

    Erasing leaves who, when and why. Hiding leaves the same and moves the words to `hidden_words`, so that no path that
    reads a post can show them.
    """

    __tablename__ = "posts"
    __table_args__ = (UniqueConstraint("thread_id", "number"), Index("ix_posts_parent_id", "parent_id"))

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)
    thread_id: Mapped[str] = mapped_column(ForeignKey("threads.id"))
    number: Mapped[int] = mapped_column(Integer)                    # in its thread, in the order of writing
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("posts.id"))   # None: answers the thread
    author_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)                         # rendered when written
    created_at: Mapped[datetime] = mapped_column(Instant)
    edited_at: Mapped[datetime | None] = mapped_column(Instant)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)
    erased_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    erased_because: Mapped[str] = mapped_column(Text, default="")
    hidden_at: Mapped[datetime | None] = mapped_column(Instant)
    hidden_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    hidden_because: Mapped[str] = mapped_column(Text, default="")

    @property
    def is_silent(self) -> bool:
        """Whether its words are shown to nobody who reads the thread."""
        return self.erased_at is not None or self.hidden_at is not None


class PostEdit(Base):
    """The words a post had before one edit. Erased with the post."""

    __tablename__ = "post_edits"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("posts.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)                   # when these words were replaced
    body: Mapped[str] = mapped_column(Text)


class Mention(Base):
    """A post names somebody. Erased with its words."""

    __tablename__ = "mentions"

    post_id: Mapped[str] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class Useful(Base):
    """Somebody said that a post was useful to them."""

    __tablename__ = "useful"

    post_id: Mapped[str] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class ThreadCheck(Base):
    """What somebody said of a thread after the words it was about had changed.

    `words` is the passage as it stood then, empty where it was gone: the verdict holds as long as it still does.
    """

    __tablename__ = "thread_checks"
    __table_args__ = (UniqueConstraint("thread_id", "version", "person_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    thread_id: Mapped[str] = mapped_column(ForeignKey("threads.id"))
    version: Mapped[int] = mapped_column(Integer)
    words: Mapped[str] = mapped_column(Text, default="")
    verdict: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    settles: Mapped[bool] = mapped_column(default=False)            # said by the thread's author or an animator
    at: Mapped[datetime] = mapped_column(Instant)


class ThreadPlace(Base):
    """Where a thread's words stand in one text. Derived from both by `rules`, can be deleted at any time."""

    __tablename__ = "thread_places"

    thread_id: Mapped[str] = mapped_column(ForeignKey("threads.id"), primary_key=True)
    blob: Mapped[str] = mapped_column(String(40))                   # of the text
    rules: Mapped[int] = mapped_column(Integer)                     # by which they were looked for
    state: Mapped[str] = mapped_column(String(8))
    words: Mapped[str] = mapped_column(Text, default="")            # the passage there, of an altered one


class Citation(Base):
    """A change that grew out of a thread."""

    __tablename__ = "citations"

    change_id: Mapped[str] = mapped_column(ForeignKey("changes.id"), primary_key=True)
    thread_id: Mapped[str] = mapped_column(ForeignKey("threads.id"), primary_key=True, index=True)
