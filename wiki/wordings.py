"""What a reader may propose: other words for one procedure, and why."""

from sqlalchemy.orm import Session

from accounts.models import Space
from core.errors import Denied, Invalid, N_
from wiki.drafts import Draft
from wiki.procedures import stood, text_of
from wiki.repository import Library


def check_wording(session: Session, library: Library, space: Space, draft: Draft) -> None:
    """Go on only if a draft that was found in order is a proposal.

    Raises: Denied for what only authors write; Invalid if it speaks of several procedures, says no reason, or says what
    the procedure says, now or in the version it starts from.
    """
    if any(text.action != "amend" for text in draft.texts):
        raise Denied(N_("Only authors of this space can write changes."))
    if len(draft.texts) != 1:
        raise Invalid(N_("A proposal is about the words of one procedure."), field="texts")
    text = draft.texts[0]
    standing = stood(session, library, [text.code])[text.code].standing
    present = [version for version in standing.versions if version is standing.latest or version.number == text.base]
    if text.markdown in [text_of(library, space, version) for version in present]:
        raise Invalid(
            N_("These are the words of %(code)s as they stand. Change them, then propose."), field="markdown", code=text.code
        )
    if not draft.reason:
        raise Invalid(N_("Say why in a sentence: it is what an author decides by."), field="reason")
