"""The nouns of the rule. Procedures and versions are derived from git and can be rebuilt; changes are SQL's own."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant, Key, new_id

KINDS = ("material", "editorial")
ACTIONS = ("create", "amend", "retire", "restore", "cancel")


class Procedure(Base):
    """A permanent code in one space. Everything else about it is in its versions."""

    __tablename__ = "procedures"
    __table_args__ = (Index("ix_procedures_space_id_code", "space_id", "code"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id"))
    code: Mapped[str] = mapped_column(String(24), unique=True)
    path: Mapped[str] = mapped_column(String(1024))     # the file now, or the last it had
    created_at: Mapped[datetime] = mapped_column(Instant)


class Version(Base):
    """An approved text (or, retired, none), numbered; each row is rebuilt from its publication commit alone.

    `approvals` is a list of {"person", "name", "at", "meaning"}, `written_by` of {"person", "name"}.
    """

    __tablename__ = "versions"
    __table_args__ = (
        UniqueConstraint("procedure_id", "number"),
        Index("ix_versions_commit", "commit"),
        Index("ix_versions_procedure_id_in_force_from", "procedure_id", "in_force_from"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedures.id"))
    number: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(String(10))     # create, amend, retire, restore
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(400))
    owner: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(2))
    path: Mapped[str] = mapped_column(String(1024))
    blob: Mapped[str | None] = mapped_column(String(40))            # None: retired, no text
    commit: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(200))                # the name shown; several writers in written_by
    written_by: Mapped[list] = mapped_column(JSON)
    approvals: Mapped[list] = mapped_column(JSON)
    approvals_required: Mapped[int] = mapped_column(Integer)
    base: Mapped[int | None] = mapped_column(Integer)
    digest: Mapped[str | None] = mapped_column(String(64))
    change_id: Mapped[str | None] = mapped_column(Key)
    published_at: Mapped[datetime] = mapped_column(Instant)         # the commit's time; orders nothing, shown only
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    in_force_from: Mapped[date] = mapped_column(Date)
    imported: Mapped[bool] = mapped_column(default=False)
    cancelled_by: Mapped[str | None] = mapped_column(String(40))    # the commit that cancelled or replaced it


class Change(Base):
    """A proposal over one or more procedures: draft, in review, then published, declined or withdrawn.

    The number of approvals is the space's when the change was opened. `digest` covers exactly what would be approved.
    """

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_space_id_state", "space_id", "state"),)

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id"))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    reason: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(10))
    in_force_from: Mapped[date | None] = mapped_column(Date)        # None: the day of publication
    replaces_scheduled: Mapped[bool] = mapped_column(default=False)
    approvals_required: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    opened_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))     # None: an import
    opened_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    end_reason: Mapped[str] = mapped_column(Text, default="")       # why it was declined
    commit: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[str | None] = mapped_column(String(40))          # the imported commit it comes from


class ChangeText(Base):
    """One procedure's part of a change. `markdown` is the whole file, None to retire or cancel."""

    __tablename__ = "change_texts"
    __table_args__ = (UniqueConstraint("change_id", "position"), Index("ix_change_texts_code", "code"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    change_id: Mapped[str] = mapped_column(ForeignKey("changes.id"))
    position: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(24))
    path: Mapped[str | None] = mapped_column(String(1024))          # only where an import gives one
    markdown: Mapped[str | None] = mapped_column(Text)
    base: Mapped[int | None] = mapped_column(Integer)


class Save(Base):
    """One save of a change, kept with its author: whoever saved is a writer and may not approve."""

    __tablename__ = "change_saves"
    __table_args__ = (Index("ix_change_saves_change_id", "change_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    change_id: Mapped[str] = mapped_column(ForeignKey("changes.id"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict] = mapped_column(JSON)                     # everything the digest covers


class Approval(Base):
    """A person, a time, a meaning, and the digest of exactly what they approved. Fallen when the change moved."""

    __tablename__ = "approvals"
    __table_args__ = (Index("ix_approvals_change_id", "change_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    change_id: Mapped[str] = mapped_column(ForeignKey("changes.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    meaning: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    comment: Mapped[str] = mapped_column(Text, default="")
    fell_at: Mapped[datetime | None] = mapped_column(Instant)
    fell_because: Mapped[str] = mapped_column(String(200), default="")


class Rendering(Base):
    """A text as HTML, kept because rendering costs more than reading. Can be deleted at any time."""

    __tablename__ = "renderings"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # of blob, path, space and renderer
    html: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict] = mapped_column(JSON)


class Import(Base):
    """One run of an import: the source's tip it brought and what it found odd."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id"), index=True)
    tip: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Instant)
    report: Mapped[dict] = mapped_column(JSON)
