"""Remarks on a draft in its editor and on its page, and the acts on them that save nothing of the change.

A paragraph that becomes a tip is opened as one at once, in a transaction of its own, and only then taken out of the text
that the editor shows. Were it opened when the change is saved, the words would live in a form field until then, and a
closed tab would lose them; this way they are never in fewer than one place, and at worst, where somebody throws the draft
away, in two.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flask import get_template_attribute, request
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import require
from accounts.web import reading, writing
from advice.duties import duties_of
from advice.remarks import Remark
from core.errors import Invalid, N_
from core.web import site
from wiki import procedures
from wiki.advising import Checked, remarks_on
from wiki.changes import OPEN
from wiki.forms import ChangeForm
from wiki.frontmatter import lines_before
from wiki.left import leave
from wiki.models import Change, ChangeText
from wiki.practice import Practice

_MARKED = re.compile(r"\s*(?:[-*+>]|\d{1,9}[.)])\s")


@dataclass(frozen=True)
class Pressed:
    """The editor after one of its buttons, and the tip that was opened, if one was."""

    form: ChangeForm
    tip: str | None = None


def of_form(session: Session, space: Space, form: ChangeForm) -> list[list[Remark]]:
    """Return the remarks on each text of the editor, in its order."""
    return remarks_on(session, site().library, space, [Checked(field.code, field.markdown) for field in form.texts])


def of_change(session: Session, space: Space, change: Change, texts: Sequence[ChangeText]) -> list[list[Remark]]:
    """Return the remarks on each text of a change, in its order; of one that has ended there are none any more."""
    if change.state not in OPEN:
        return [[] for _ in texts]
    return remarks_on(session, site().library, space, [Checked(text.code, text.markdown or "") for text in texts])


def beside(session: Session, space: Space, markdown: str) -> str:
    """Return, as HTML, the remarks on a text that is being typed; the form says which text of which change it is."""
    codes = request.form.getlist("code")
    code = request.form.get("of", "")
    (found,) = remarks_on(session, site().library, space, [Checked(code, markdown)], beside=codes)
    number = request.form.get("n", "1")
    return get_template_attribute("wiki/_remarks.html", "beside")(number if number.isdigit() else "1", found, request.form.getlist("left"))


def keep_left(session: Session, actor: Actor, space: Space, change_id: str, form: ChangeForm) -> None:
    """Keep with a change the remarks that its editor leaves as they are, those that its texts still deserve."""
    if form.left:
        deserved = {remark.key for found in of_form(session, space, form) for remark in found}
        leave(session, actor, change_id, [key for key in form.left if key in deserved])


def pressed(space: Space, form: ChangeForm, practice: Practice) -> Pressed | None:
    """Do what a button beside a remark asks; None if none of them was pressed. Nothing typed is lost, whatever it asks.

    Raises: Invalid if the words that the remark is about are no longer there; as opening a tip does.
    """
    if request.form.get("then") == "check":
        return Pressed(form)
    if request.form.get("leave"):
        remark, _ = _about(space, form, request.form["leave"])
        return Pressed(replace(form, left=tuple(dict.fromkeys((*form.left, remark.key)))))
    if request.form.get("use"):
        remark, at = _about(space, form, request.form["use"])
        return Pressed(_with_text(form, at, lambda text: _with_known_role(text, remark)))
    if request.form.get("tip"):
        remark, at = _about(space, form, request.form["tip"])
        return _to_tip(space, form, practice, remark, at)
    return None


def _about(space: Space, form: ChangeForm, value: str) -> tuple[Remark, int]:
    """Return the remark that a button's value names, as the text deserves it now, and which text that is."""
    number, _, key = value.partition(":")
    at = int(number) - 1 if re.fullmatch(r"[1-9][0-9]?", number, re.ASCII) else -1
    found = of_form(reading()[0], space, form)
    for remark in found[at] if 0 <= at < len(found) else ():
        if remark.key == key:
            return remark, at
    raise Invalid(N_("These words are no longer in the text. Look at the remarks again."), field="remark")


def _to_tip(space: Space, form: ChangeForm, practice: Practice, remark: Remark, at: int) -> Pressed:
    if remark.act != "tip":
        raise Invalid(N_("Only what tells how, in a procedure that is published, can become a tip."), field="remark")
    words = _words(form.texts[at].markdown.split("\n")[remark.line - 1 : remark.end_line])
    with writing() as (session, actor):
        found = procedures.readable(session, actor, form.texts[at].code)
        require(actor, Permission.WRITE, space)
        tip = practice.open_tip(session, site().library, actor, found, words)
    return Pressed(_with_text(form, at, lambda text: _without(text, remark)), tip)


def _words(lines: Sequence[str]) -> str:
    # A post shows its line ends and a rule does not: those inside a paragraph are no part of its words.
    if any(_MARKED.match(line) for line in lines):
        return "\n".join(lines)
    return " ".join(line.strip() for line in lines)


def _without(text: str, remark: Remark) -> str:
    """Return a text without the lines of a remark; of the empty lines around them one stays."""
    lines = text.split("\n")
    before, after = lines[: remark.line - 1], lines[remark.end_line :]
    while before and after and not before[-1].strip() and not after[0].strip():
        after.pop(0)
    return "\n".join([*before, *after])


def _with_known_role(text: str, remark: Remark) -> str:
    """Return a text that calls a role, wherever something is asked of it, as the space does."""
    role, known = remark.params["role"], remark.params["known"]
    lines = text.split("\n")
    for duty in duties_of(text, lines_before(text)):
        if duty.role == role:
            lines[duty.line - 1] = re.sub(rf"(?<!\w){re.escape(role)}(?!\w)", lambda _: known, lines[duty.line - 1])
    return "\n".join(lines)


def _with_text(form: ChangeForm, at: int, change: Callable[[str], str]) -> ChangeForm:
    fields = list(form.texts)
    fields[at] = replace(fields[at], markdown=change(fields[at].markdown))
    return replace(form, texts=tuple(fields))
