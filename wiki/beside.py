"""The files beside each text of the editor: those of the draft, or of the version that it starts from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from accounts.models import Space
from wiki.attached import Attachment, listed
from wiki.forms import TextField
from wiki.markdown import Place
from wiki.models import Change
from wiki.pictures import change_address, named, pictures, version_address
from wiki.procedures import stood
from wiki.proposals import texts_of
from wiki.repository import Library


@dataclass(frozen=True)
class Beside:
    """The files of one text, and where each is."""

    code: str = ""
    files: Sequence[Attachment] = ()
    address: Callable[[str], str] = str

    @property
    def picture(self) -> Place:
        """Where the pictures of the text are."""
        return pictures(self.files, self.code, self.address)

    @property
    def file(self) -> Place:
        """Where the files that the text links to are."""
        return named(self.files, self.code, self.address)


def beside(session: Session, library: Library, space: Space, fields: Sequence[TextField], change: Change | None) -> list[Beside]:
    """Return the files beside each text as somebody typed it. What another space has is as what is not there."""
    held = {text.code: text for text in texts_of(session, change)} if change else {}
    missing = [field.code for field in fields if field.code and field.code not in held]
    found = stood(session, library, missing) if missing else {}
    made = []
    for field in fields:
        text, there = held.get(field.code), found.get(field.code)
        if text is not None and text.action in ("create", "amend"):
            made.append(Beside(text.code, listed(text), change_address(change.id, text.position)))
        elif there is not None and there.procedure.space_id == space.id:
            base = next((v for v in there.standing.versions if str(v.number) == field.base), there.standing.latest)
            made.append(Beside(field.code, listed(base), version_address(field.code, base.number if base else 0)))
        else:
            made.append(Beside())
    return made
