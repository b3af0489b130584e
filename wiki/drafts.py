"""What somebody proposes, checked and completed before it becomes rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Space
from core import clock, text
from core.errors import Invalid, N_
from wiki import frontmatter, translating
from wiki.attached import Attachment, check_together, combined, listed, rows, together
from wiki.markdown import MOST_LINKS, has_too_many_links
from wiki.models import ACTIONS, KINDS, ChangeText, Procedure, Version
from wiki.procedures import standing_of
from wiki.repository import Library
from wiki.standing import Standing

LONGEST_TEXT = 1024 * 1024
LONGEST_REASON = 2000
LONGEST_LINE = 200
MOST_LINES = 3
MOST_TEXTS = 50


@dataclass(frozen=True)
class DraftText:
    """One procedure's part of a draft. What is None is taken from what is there.

    `added` and `removed` are files, and names of files; the whole list that follows, as rows, is for `checked` to give.
    """

    action: str | None = None
    code: str | None = None
    markdown: str | None = None
    base: int | None = None
    path: str | None = None
    added: tuple[Attachment, ...] = ()
    removed: frozenset[str] = frozenset()
    attachments: list[dict] = field(default_factory=list)


@dataclass(frozen=True)
class Draft:
    """A whole proposal. `kind` None is allowed only where no approval is required.

    `for_you` says to those it concerns what changes for them, a line each.
    """

    reason: str
    kind: str | None
    texts: tuple[DraftText, ...]
    in_force_from: date | None = None
    replaces_scheduled: bool = False
    for_you: tuple[str, ...] = ()


def checked(
    session: Session, library: Library, space: Space, draft: Draft, *, approvals_required: int,
    before: Sequence[ChangeText] = (), imported: bool = False,
) -> Draft:
    """Return the draft complete: reason cleaned, actions, codes, bases and files given; new codes are taken from the space.

    `before` are the change's present texts, whose code and base stand where the draft leaves them out. What an
    `imported` text claims in its front matter is ignored, what a person's claims is refused. The caller holds the lock.

    Raises: Invalid or TooBig with the field that cannot be taken.
    """
    kind = draft.kind or ("editorial" if approvals_required == 0 else None)
    if kind not in KINDS:
        raise Invalid(N_("Say whether this change is material or editorial."), field="kind")
    if not 1 <= len(draft.texts) <= MOST_TEXTS:
        raise Invalid(N_("A change is about one to %(most)s procedures."), field="texts", most=MOST_TEXTS)
    _check_day(library, draft.in_force_from)
    texts = tuple(
        _checked_text(session, library, space, given, its, before, imported)
        for given, its in zip(draft.texts, gone_on_from(draft.texts, before), strict=True)
    )
    check_together(texts)
    if draft.in_force_from is not None and all(given.action == "cancel" for given in texts):
        raise Invalid(N_("A version is cancelled at once: leave the day out."), field="in_force_from")
    codes = [given.code for given in texts]
    if len(set(codes)) < len(codes):
        raise Invalid(N_("The same procedure stands twice in this change."), field="texts")
    if not imported:
        translating.check(session, library, space, texts)
    reason = text.block(draft.reason, field="reason", limit=LONGEST_REASON, required=False).strip()
    return replace(draft, reason=reason, kind=kind, texts=texts, for_you=_lines(draft.for_you, kind))


def gone_on_from(given: Sequence[DraftText], before: Sequence[ChangeText]) -> list[ChangeText | None]:
    """Return which of a change's present texts each given one goes on from: that of its code; without one, the one in its place,
    unless another text names that."""
    by_code = {text.code: text for text in before}
    named = {text.code for text in given}
    in_place = [text if text.code not in named else None for text in before] + [None] * len(given)
    return [by_code.get(text.code) if text.code else in_place[n] for n, text in enumerate(given)]


def _lines(given: Sequence[str], kind: str) -> tuple[str, ...]:
    lines = tuple(line for raw in given if (line := text.line(raw, field="for_you", limit=LONGEST_LINE, required=False)))
    if len(lines) > MOST_LINES:
        raise Invalid(N_("Say it in %(most)s lines at most."), field="for_you", most=MOST_LINES)
    if lines and kind == "editorial":
        raise Invalid(N_("An editorial change changes nothing for anybody. Make it material, or leave these lines out."), field="for_you")
    return lines


def _check_day(library: Library, day: date | None) -> None:
    if day is not None and day < clock.today(library.zone):
        raise Invalid(N_("A change can take force today or later, not on a day that has passed."), field="in_force_from")
    if day is not None and day.year > 2200:
        raise Invalid(N_("This day is too far away."), field="in_force_from")


def _checked_text(
    session, library, space, given: DraftText, before: ChangeText | None, all_before: Sequence[ChangeText], imported: bool
) -> DraftText:
    code = given.code or (before.code if before else None)
    action = given.action or (before.action if before else None) or ("amend" if code else "create")
    if action not in ACTIONS:
        raise Invalid(N_("This action is not known."), field="action")
    if action == "create":
        return _created(space, given, code, before, imported)
    procedure = _procedure(session, space, code)
    standing = standing_of(session, procedure, library)
    base = given.base if given.base is not None else (before.base if before else None)
    if action == "amend":
        present = next((text for text in all_before if text.code == code and text.action == "amend"), None)
        return _amended(given, procedure, standing, base, present, imported)
    if given.markdown is not None and action != "restore":
        raise Invalid(N_("To retire or to cancel takes no text."), field="markdown")
    if given.added:
        raise Invalid(N_("Files are added to a text that is written, not to one that is retired, restored or cancelled."), field="file")
    return _without_text(library, space, given, action, procedure, standing, base)


def _created(space, given: DraftText, code: str | None, before: ChangeText | None, imported: bool) -> DraftText:
    if code is not None and (before is None or (before.action, before.code) != ("create", code)):
        raise Invalid(N_("A new procedure gets its code from the site."), field="code")
    if given.base is not None:
        raise Invalid(N_("A new procedure starts from no version."), field="base")
    if code is None:
        space.last_number += 1
        code = f"{space.prefix}-{space.last_number:03d}"
    attachments = combined(listed(before), given.added, given.removed)
    return replace(
        given, action="create", code=code, markdown=_markdown(given.markdown, imported), base=None, attachments=attachments
    )


def _amended(
    given: DraftText, procedure: Procedure, standing: Standing, base: int | None, present: ChangeText | None, imported: bool
) -> DraftText:
    if standing.latest is None or standing.latest.blob is None:
        raise Invalid(N_("%(code)s is retired. Restore it first."), field="action", code=procedure.code)
    base = _base(standing, base if base is not None else standing.latest.number)
    attachments = combined(_started(standing, present, base), given.added, given.removed)
    return replace(
        given, action="amend", code=procedure.code, markdown=_markdown(given.markdown, imported), base=base, attachments=attachments
    )


def _started(standing: Standing, present: ChangeText | None, base: int) -> Sequence[Attachment]:
    """Return the files that an amended text has before what is added and removed now: those of its base, or its own."""
    if present is None:
        return listed(_version(standing, base))
    if present.base == base:
        return listed(present)
    # It starts from another version than before: what came with that one is not lost.
    return together(listed(_version(standing, present.base)), listed(present), listed(_version(standing, base)))[0]


def _version(standing: Standing, number: int | None) -> Version | None:
    return next((version for version in standing.versions if version.number == number), None)


def _without_text(library, space, given: DraftText, action, procedure, standing: Standing, base: int | None) -> DraftText:
    latest, markdown, attachments = standing.latest, None, []
    if action == "cancel":
        waiting = [v.number for v in standing.scheduled]
        base = base if base is not None else (waiting[-1] if waiting else None)
        if base not in waiting:
            raise Invalid(N_("Only a version that is still waiting for its day can be cancelled."), field="base")
        return replace(given, action=action, code=procedure.code, markdown=None, base=base)
    if (action == "retire") is (latest is None or latest.blob is None):
        sentence = N_("%(code)s is retired already.") if action == "retire" else N_("%(code)s is not retired.")
        raise Invalid(sentence, field="action", code=procedure.code)
    if action == "restore":
        markdown, attachments = library.repository(space.slug).text(standing.last_text.blob), rows(listed(standing.last_text))
        if given.markdown not in (None, markdown):
            raise Invalid(N_("To restore brings the last text back as it was. Amend it afterwards."), field="markdown")
    base = _base(standing, base if base is not None else standing.start.number)
    return replace(given, action=action, code=procedure.code, markdown=markdown, base=base, attachments=attachments)


def _procedure(session, space, code: str | None) -> Procedure:
    procedure = session.scalar(select(Procedure).where(Procedure.code == code, Procedure.space_id == space.id))
    if procedure is None:
        raise Invalid(N_("There is no such procedure in this space."), field="code")
    return procedure


def _base(standing: Standing, number: int) -> int:
    if all(v.number != number for v in standing.versions):
        raise Invalid(N_("There is no such version to start from."), field="base")
    return number


def _markdown(markdown: str | None, imported: bool) -> str:
    if markdown is None:
        raise Invalid(N_("The text is missing."), field="markdown")
    kept = text.verbatim(markdown, field="markdown", limit=LONGEST_TEXT)
    if not kept.strip():
        raise Invalid(N_("The text is empty. To end a procedure, retire it."), field="markdown")
    if imported:
        return kept
    for sentence in frontmatter.refusals(kept):
        raise Invalid(sentence, field="markdown")
    if has_too_many_links(kept):
        raise Invalid(
            N_("This text has more than %(most)s links or brackets. A list as long as that belongs into a file that comes with the text."),
            field="markdown", most=MOST_LINKS,
        )
    return kept
