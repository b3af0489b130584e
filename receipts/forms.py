"""What this package's forms carry, read without a rule: the verbs judge it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from accounts.models import Space
from core.errors import Invalid, N_
from receipts.audiences import Audience, Chosen
from receipts.naming import named_in


@dataclass(frozen=True)
class AudienceForm:
    """The form of an audience as somebody left it, so that nothing typed is lost."""

    roles: tuple[str, ...]
    people: tuple[str, ...]         # ids of those named before who stay
    applies_to: bool
    more: str                       # names or addresses, one per line
    digest: str

    def chosen(self, session: Session, space: Space) -> Chosen:
        """Return what was typed as an audience. Raises: Invalid for a line that means nobody, or several."""
        return Chosen(self.roles, (*self.people, *named_in(session, space, self.more)), self.applies_to)


def from_request(form: MultiDict) -> AudienceForm:
    """Read the form of an audience."""
    return AudienceForm(
        roles=tuple(form.getlist("role")), people=tuple(form.getlist("person")), applies_to=form.get("applies_to") == "1",
        more=form.get("more", "").replace("\r\n", "\n").replace("\x00", ""), digest=form.get("digest", ""),
    )


def from_audience(audience: Audience) -> AudienceForm:
    """Return the form filled with an audience as it is."""
    people = tuple(person.id for person in audience.people)
    return AudienceForm(audience.roles, people, audience.applies_to, "", audience.digest)


def version_of(typed: str) -> int:
    """Return the number of a version. Raises: Invalid."""
    if not (typed.isascii() and typed.isdigit() and 0 < len(typed) < 10):
        raise Invalid(N_("Say which version you have read."), field="version")
    return int(typed)
