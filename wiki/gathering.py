"""Which procedures a change is about, as the buttons of its editor gather them. Nothing is saved by them."""

import re
from dataclasses import replace

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from accounts.actors import Actor
from accounts.models import Space
from core.errors import Invalid, N_, NotFound
from wiki import procedures
from wiki.forms import ChangeForm, TextField
from wiki.repository import Library

_SKELETON = {
    "en": "---\ntitle: \nowner: \n---\n\n## Principle\n\n\n\n## Who does what\n\n| Who | Does what | By when |\n|---|---|---|\n|  |  |  |\n",
    "fr": "---\ntitle: \nowner: \nlanguage: fr\n---\n\n## Principe\n\n\n\n## Qui fait quoi\n\n| Qui | Fait quoi | Quand |\n|---|---|---|\n|  |  |  |\n",
}


def blank(space: Space) -> TextField:
    """Return the text from which a new procedure of a space is written."""
    return TextField("create", "", _SKELETON[space.language], "")


def gathered(session: Session, library: Library, actor: Actor, space: Space, form: ChangeForm, sent: MultiDict) -> ChangeForm | None:
    """Return the form with one procedure more or fewer, as the pressed button says; None for every other button.

    What is left out stays at hand, as it was typed, to be taken back in.

    Raises: Invalid for a code that nobody has there, and for a procedure that is not in the change or is all of it.
    """
    pressed = sent.get("then", "")
    if pressed == "add":
        return replace(form, texts=(*form.texts, _wanted(session, library, actor, space, sent.get("add_code", ""))))
    numbered = re.fullmatch(r"(leave-out|take-in)-([1-9][0-9]{0,3})", pressed)
    if numbered is None:
        return None
    return (_without if numbered[1] == "leave-out" else _with)(form, int(numbered[2]))


def _without(form: ChangeForm, number: int) -> ChangeForm:
    if number > len(form.texts) or len(form.texts) == 1:
        raise Invalid(N_("A change is about one procedure at least. What should not be can be withdrawn."), field="texts")
    rest, moved = _moved(form.texts, number)
    return replace(form, texts=rest, out=(*form.out, moved))


def _with(form: ChangeForm, number: int) -> ChangeForm:
    if number > len(form.out):
        raise Invalid(N_("There is no such procedure in this space."), field="texts")
    rest, moved = _moved(form.out, number)
    return replace(form, texts=(*form.texts, moved), out=rest)


def _moved(texts: tuple[TextField, ...], number: int) -> tuple[tuple[TextField, ...], TextField]:
    return (*texts[: number - 1], *texts[number:]), texts[number - 1]


def _wanted(session: Session, library: Library, actor: Actor, space: Space, code: str) -> TextField:
    code = code.strip().upper()
    return _present(session, library, actor, space, code) if code else blank(space)


def _present(session: Session, library: Library, actor: Actor, space: Space, code: str) -> TextField:
    try:
        found = procedures.readable(session, actor, code)
    except NotFound:
        found = None
    latest = procedures.standing_of(session, found.procedure, library).latest if found else None
    if found is None or found.space.id != space.id or latest is None or latest.blob is None:
        raise Invalid(N_("There is no such procedure in this space."), field="add_code")
    return TextField("amend", found.procedure.code, procedures.text_of(library, space, latest), str(latest.number))
