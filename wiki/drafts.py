"""What somebody proposes, checked and completed before it becomes rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Space
from core import clock, text
from core.errors import Invalid, N_
from wiki import frontmatter
from wiki.models import ACTIONS, KINDS, ChangeText, Procedure
from wiki.procedures import standing_of
from wiki.repository import Library
from wiki.standing import Standing

LONGEST_TEXT = 1024 * 1024
LONGEST_REASON = 2000
MOST_TEXTS = 50


@dataclass(frozen=True)
class DraftText:
    """One procedure's part of a draft. What is None is taken from what is there."""

    action: str | None = None
    code: str | None = None
    markdown: str | None = None
    base: int | None = None
    path: str | None = None


@dataclass(frozen=True)
class Draft:
    """A whole proposal. `kind` None is allowed only where no approval is required."""

    reason: str
    kind: str | None
    texts: tuple[DraftText, ...]
    in_force_from: date | None = None
    replaces_scheduled: bool = False


def checked(
    session: Session, library: Library, space: Space, draft: Draft, *, approvals_required: int,
    before: Sequence[ChangeText] = (), imported: bool = False,
) -> Draft:
    """Return the draft complete: reason cleaned, actions, codes and bases given; new codes are taken from the space.

    `before` are the change's present texts, whose code and base stand where the draft leaves them out. What an
    `imported` text claims in its front matter is ignored, what a person's claims is refused. The caller holds the lock.

    Raises: Invalid with the field that cannot be taken.
    """
    kind = draft.kind or ("editorial" if approvals_required == 0 else None)
    if kind not in KINDS:
        raise Invalid(N_("Say whether this change is material or editorial."), field="kind")
    if not 1 <= len(draft.texts) <= MOST_TEXTS:
        raise Invalid(N_("A change is about one to %(most)s procedures."), field="texts", most=MOST_TEXTS)
    _check_day(library, draft.in_force_from)
    texts = tuple(
        _checked_text(session, library, space, given, before[position] if position < len(before) else None, imported)
        for position, given in enumerate(draft.texts)
    )
    codes = [given.code for given in texts]
    if len(set(codes)) < len(codes):
        raise Invalid(N_("The same procedure stands twice in this change."), field="texts")
    reason = text.block(draft.reason, field="reason", limit=LONGEST_REASON, required=False).strip()
    return replace(draft, reason=reason, kind=kind, texts=texts)


def _check_day(library: Library, day: date | None) -> None:
    if day is not None and day < clock.today(library.zone):
        raise Invalid(N_("A change can take force today or later, not on a day that has passed."), field="in_force_from")
    if day is not None and day.year > 2200:
        raise Invalid(N_("This day is too far away."), field="in_force_from")


def _checked_text(session, library, space, given: DraftText, before: ChangeText | None, imported: bool) -> DraftText:
    code = given.code or (before.code if before else None)
    action = given.action or (before.action if before and code == before.code else None) or ("amend" if code else "create")
    if action not in ACTIONS:
        raise Invalid(N_("This action is not known."), field="action")
    if action == "create":
        return _created(space, given, code, before, imported)
    procedure = _procedure(session, space, code)
    standing = standing_of(session, procedure, library)
    base = given.base if given.base is not None else (before.base if before and before.code == code else None)
    if action == "amend":
        return _amended(given, procedure, standing, base, imported)
    if given.markdown is not None and action != "restore":
        raise Invalid(N_("To retire or to cancel takes no text."), field="markdown")
    return _without_text(library, space, given, action, procedure, standing, base)


def _created(space, given: DraftText, code: str | None, before: ChangeText | None, imported: bool) -> DraftText:
    if code is not None and (before is None or code != before.code):
        raise Invalid(N_("A new procedure gets its code from the site."), field="code")
    if given.base is not None:
        raise Invalid(N_("A new procedure starts from no version."), field="base")
    if code is None:
        space.last_number += 1
        code = f"{space.prefix}-{space.last_number:03d}"
    return replace(given, action="create", code=code, markdown=_markdown(given.markdown, imported), base=None)


def _amended(given: DraftText, procedure: Procedure, standing: Standing, base: int | None, imported: bool) -> DraftText:
    if standing.latest is None or standing.latest.blob is None:
        raise Invalid(N_("%(code)s is retired. Restore it first."), field="action", code=procedure.code)
    base = _base(standing, base if base is not None else standing.latest.number)
    return replace(given, action="amend", code=procedure.code, markdown=_markdown(given.markdown, imported), base=base)


def _without_text(library, space, given: DraftText, action, procedure, standing: Standing, base: int | None) -> DraftText:
    latest = standing.latest
    markdown = None
    if action == "cancel":
        waiting = [v.number for v in standing.scheduled]
        base = base if base is not None else (waiting[-1] if waiting else None)
        if base not in waiting:
            raise Invalid(N_("Only a version that is still waiting for its day can be cancelled."), field="base")
        return replace(given, action=action, code=procedure.code, markdown=None, base=base)
    if latest is None or (action == "retire") is (latest.blob is None):
        sentence = N_("%(code)s is retired already.") if action == "retire" else N_("%(code)s is not retired.")
        raise Invalid(sentence, field="action", code=procedure.code)
    if action == "restore":
        last = next(v for v in standing.versions if v.blob and not v.cancelled_by)
        markdown = library.repository(space.slug).text(last.blob)
        if given.markdown not in (None, markdown):
            raise Invalid(N_("To restore brings the last text back as it was. Amend it afterwards."), field="markdown")
    base = _base(standing, base if base is not None else latest.number)
    return replace(given, action=action, code=procedure.code, markdown=markdown, base=base)


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
    for sentence in frontmatter.refusals(kept) if not imported else ():
        raise Invalid(sentence, field="markdown")
    return kept
