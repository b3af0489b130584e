"""The nouns of the rule. Procedures and versions are derived from git and can be rebuilt; changes are SQL's own."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Instant, Key, new_id

KINDS = ("material", "editorial")
ACTIONS = ("create", "amend", "retire", "restore", "cancel")
# Columns of versions that rows recorded by earlier releases do not have: there they are NULL, and the text answers.
KEPT_LATER = frozenset({"review_every", "regulations"})


class Procedure(Base):
    """A permanent code in one space. Everything else about it is in its versions.

    `said` is the last act beside it that no other page shows, as its number in the space's chain.
    """

    __tablename__ = "procedures"
    __table_args__ = (Index("ix_procedures_space_id_code", "space_id", "code"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id"))
    code: Mapped[str] = mapped_column(String(24), unique=True)
    path: Mapped[str] = mapped_column(String(1024))     # the file now, or the last it had
    created_at: Mapped[datetime] = mapped_column(Instant)
    said: Mapped[int] = mapped_column(Integer, default=0, server_default="0")


class Version(Base):
    """An approved text (or, retired, none), numbered; each row is rebuilt from its publication commit alone.

    `approvals` is a list of {"person", "name", "at", "meaning"}, `written_by` of {"person", "name", "at"} (the last save;
    none in older publications), `for_you` of at most three lines to those it concerns.
    """

    __tablename__ = "versions"
    __table_args__ = (
        UniqueConstraint("procedure_id", "number"),
        Index("ix_versions_commit", "commit"),
        Index("ix_versions_change_id", "change_id"),
        Index("ix_versions_procedure_id_in_force_from", "procedure_id", "in_force_from"),
        Index("ix_versions_translates_code", "translates_code"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedures.id"))
    number: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(String(10))     # create, amend, retire, restore
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(400))
    owner: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(2))
    translates_code: Mapped[str | None] = mapped_column(String(24))         # of the same space
    translates_version: Mapped[int | None] = mapped_column(Integer)
    review_every: Mapped[str | None] = mapped_column(String(400))   # as written in the front matter
    regulations: Mapped[list | None] = mapped_column(JSON(none_as_null=True))
    path: Mapped[str] = mapped_column(String(1024))
    blob: Mapped[str | None] = mapped_column(String(40))            # None: retired, no text
    commit: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    for_you: Mapped[list] = mapped_column(JSON, default=list)
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
    attachments: Mapped[list] = mapped_column(JSON, default=list)   # as `attached.rows` writes them
    cancelled_by: Mapped[str | None] = mapped_column(String(40))    # the commit that cancelled or replaced it


class Change(Base):
    """A proposal over one or more procedures: draft, in review, then published, declined or withdrawn.

    Who must approve is what the space and the procedures asked for when the change was opened, or a text came in:
    `rules`, as `accounts.seats` keeps them. `digest` covers exactly what would be approved.
    One that a reader proposed is a draft like any other, which authors see and decide.
    """

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_space_id_state", "space_id", "state"),)

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id"))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    reason: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(10))
    for_you: Mapped[list] = mapped_column(JSON, default=list)
    in_force_from: Mapped[date | None] = mapped_column(Date)        # None: the day of publication
    replaces_scheduled: Mapped[bool] = mapped_column(default=False)
    approvals_required: Mapped[int] = mapped_column(Integer)
    rules: Mapped[list] = mapped_column(JSON, default=list)
    digest: Mapped[str] = mapped_column(String(64))
    opened_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))     # None: an import
    opened_at: Mapped[datetime] = mapped_column(Instant)
    proposed_at: Mapped[datetime | None] = mapped_column(Instant)   # opened by somebody who is no author
    taken_over_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    taken_over_at: Mapped[datetime | None] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    submitted_sequence: Mapped[int | None] = mapped_column(Integer)     # of the act, in the space's chain
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    end_reason: Mapped[str] = mapped_column(Text, default="")       # why it was declined
    commit: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[str | None] = mapped_column(String(40))          # the imported commit it comes from

    @property
    def waits_for_an_author(self) -> bool:
        """Whether it is a proposal that no author has taken over yet."""
        return self.state == "draft" and self.proposed_at is not None and self.taken_over_at is None

    @property
    def holder(self) -> str | None:
        """Who may take it back: whoever took it over, else whoever opened it."""
        return self.taken_over_by or self.opened_by


class ApprovalRule(Base):
    """The seats of approval that one procedure asks for beside those of its space."""

    __tablename__ = "approval_rules"

    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedures.id"), primary_key=True)
    seats: Mapped[list] = mapped_column(JSON)
    set_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[datetime] = mapped_column(Instant)


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
    attachments: Mapped[list] = mapped_column(JSON, default=list)   # as `attached.rows` writes them


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


class LeftRemark(Base):
    """A remark on a change's words that somebody decided to leave as it is; `key` is the digest of its kind and quote."""

    __tablename__ = "left_remarks"
    __table_args__ = (UniqueConstraint("change_id", "key"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    change_id: Mapped[str] = mapped_column(ForeignKey("changes.id"))
    key: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant)


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
    fell_because: Mapped[str] = mapped_column(String(200), default="")     # a sentence of ours, %(name)s for `fell_by`
    fell_by: Mapped[str] = mapped_column(String(120), default="")


class Duty(Base):
    """What a version's text asks of a role. Rows follow from the version, which never changes: late at most, never wrong."""

    __tablename__ = "duties"
    __table_args__ = (
        UniqueConstraint("procedure_id", "number", "position"),
        Index("ix_duties_slug", "slug"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id"))
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedures.id"))
    number: Mapped[int] = mapped_column(Integer)                    # of the version
    position: Mapped[int] = mapped_column(Integer)                  # in its text
    role: Mapped[str] = mapped_column(String(200))                  # as written
    slug: Mapped[str] = mapped_column(String(120))                  # the one name of the role, whatever its spelling
    task: Mapped[str] = mapped_column(Text)
    delay: Mapped[str] = mapped_column(Text, default="")


class Rendering(Base):
    """A text as HTML, kept because rendering costs more than reading. Can be deleted at any time."""

    __tablename__ = "renderings"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # of commit, blob, path, space and renderer
    html: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict] = mapped_column(JSON)


class Step(Base):
    """What one text made of the one before it. Derived from the two blobs, can be deleted at any time.

    `kept` are the runs of lines that stand in both, as [line before, line after, how many].
    """

    __tablename__ = "steps"

    before: Mapped[str] = mapped_column(String(40), primary_key=True)      # "" before the first text
    after: Mapped[str] = mapped_column(String(40), primary_key=True)
    added: Mapped[int] = mapped_column(Integer)                     # words
    removed: Mapped[int] = mapped_column(Integer)
    lines: Mapped[int] = mapped_column(Integer)                     # that the text after has
    kept: Mapped[list] = mapped_column(JSON)


class Import(Base):
    """One run of an import: the source's tip it brought and what it found odd."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    space_id: Mapped[str] = mapped_column(ForeignKey("spaces.id"), index=True)
    tip: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Instant)
    report: Mapped[dict] = mapped_column(JSON)
