"""When the version an author started from is no longer the present one: merge what does not touch, or show both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.models import Space
from core.errors import Conflict, N_
from wiki.attached import listed, rows, together
from wiki.merging import merge
from wiki.models import Change, ChangeText, Version
from wiki.procedures import Stood, text_of
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


def moved(change: Change, texts: Sequence[ChangeText], stood: Mapping[str, Stood]) -> dict[str, Standing]:
    """Return the standing of every procedure of the change whose present version is not the one it started from.

    Raises: Conflict where another version is scheduled and the change does not say that it replaces it, or where a
    version to cancel is no longer waiting.
    """
    found = {}
    for text in texts:
        if text.action == "create":
            continue
        standing = stood[text.code].standing
        if text.action == "cancel":
            _check_waiting(standing, text)
        elif text.base != standing.start.number:
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


def merged(library: Library, space: Space, text: ChangeText, standing: Standing) -> tuple[str, list[dict]]:
    """Return the text of the change and its files carried over to the present version.

    Raises: Conflict with both texts if they touch the same paragraphs or the same file, or if either side retires the
    procedure.
    """
    latest = standing.start
    base = next((v for v in standing.versions if v.number == text.base), None)
    theirs = text_of(library, space, latest) or ""
    base_text = (text_of(library, space, base) or "") if base else ""
    merged_text = None
    if text.action == "amend" and latest.blob:
        merged_text = merge(base_text, text.markdown, theirs)
    sides = Sides(text.code, base_text, text.markdown or "", theirs, latest.number)
    if merged_text is None:
        raise Conflict(_why_not(text, latest), field="base", sides=sides, number=latest.number, code=text.code)
    files, touched = together(listed(base), listed(text), listed(latest))
    if touched:
        raise Conflict(
            N_("Version %(number)s of %(code)s was published meanwhile and touches the same file, %(name)s."),
            field="base", sides=sides, number=latest.number, code=text.code, name=touched[0],
        )
    return merged_text, rows(files)


def _why_not(text: ChangeText, latest: Version) -> str:
    if latest.blob is None:
        return N_("%(code)s was retired meanwhile, by version %(number)s.")
    if text.action != "amend":
        return N_("Version %(number)s of %(code)s was published meanwhile. Look at it before you go on.")
    return N_("Version %(number)s of %(code)s was published meanwhile and touches the same words.")
