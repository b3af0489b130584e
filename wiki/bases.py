"""When the version an author started from is no longer the present one: merge what does not touch, or show both."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Space
from core.errors import Conflict, N_
from wiki.merging import merge
from wiki.models import Change, ChangeText, Procedure
from wiki.procedures import standing_of, text_of
from wiki.repository import Library
from wiki.standing import Standing


@dataclass(frozen=True)
class Sides:
    """The three texts of a conflict, and the version that came in between."""

    code: str
    base: str
    yours: str
    theirs: str
    version: int


def moved(session: Session, library: Library, change: Change, texts: Sequence[ChangeText]) -> dict[str, Standing]:
    """Return the standing of every procedure of the change whose present version is not the one it started from.

    Raises: Conflict where another version is scheduled and the change does not say that it replaces it, or where a
    version to cancel is no longer waiting.
    """
    found = {}
    for text in texts:
        if text.action == "create":
            continue
        procedure = session.scalar(select(Procedure).where(Procedure.code == text.code))
        standing = standing_of(session, procedure, library)
        if text.action == "cancel":
            _check_waiting(standing, text)
        elif text.base != standing.latest.number:
            found[text.code] = standing
        elif standing.scheduled and not change.replaces_scheduled:
            raise Conflict(
                N_("Version %(number)s of %(code)s is waiting to take force. Say that this change replaces it."),
                field="replaces_scheduled", number=standing.scheduled[-1].number, code=text.code,
            )
    return found


def _check_waiting(standing: Standing, text: ChangeText) -> None:
    if all(version.number != text.base for version in standing.scheduled):
        raise Conflict(
            N_("Version %(number)s of %(code)s is no longer waiting, so it cannot be cancelled."),
            field="base", number=text.base, code=text.code,
        )


def merged(library: Library, space: Space, text: ChangeText, standing: Standing) -> str:
    """Return the text of the change carried over to the present version.

    Raises: Conflict with both texts if they touch the same paragraphs, or if either side retires the procedure.
    """
    latest = standing.latest
    base = next((v for v in standing.versions if v.number == text.base), None)
    theirs = text_of(library, space, latest) or ""
    base_text = (text_of(library, space, base) or "") if base else ""
    together = None
    if text.action == "amend" and latest.blob:
        together = merge(base_text, text.markdown, theirs)
    if together is None:
        raise Conflict(
            N_("Version %(number)s of %(code)s was published meanwhile and touches the same words."),
            field="base", sides=Sides(text.code, base_text, text.markdown or "", theirs, latest.number),
            number=latest.number, code=text.code,
        )
    return together
