"""What a form brought that could not be saved for a reason that passes: shown again in its order, to be sent once more.

What people type has a label here and is seen; what a form carries by itself, such as a digest or a choice, goes along unseen.
"""

from dataclasses import dataclass

from flask import request

from core.errors import N_

PASSWORDS = ("password", "present")
_LONG = 60
LABELS = {
    "action": N_("Action"), "add_code": N_("One more procedure in this change"), "answer": N_("The answer"),
    "approvals": N_("Approvals that a change takes"), "body": N_("Your message"), "cause": N_("Cause"),
    "close_by": N_("To be closed by"), "code": N_("Code"), "comment": N_("A word for the others (optional)"), "csv": N_("The lines"),
    "dated": N_("Date of the text"), "description": N_("What it is for"), "email": N_("E-mail address"),
    "ends_on": N_("Last day of the access"), "for_you": N_("What changes for those it concerns?"),
    "in_force_from": N_("In force from"), "into": N_("The same was asked before: address of that thread"),
    "keep": N_("How many are kept"), "label": N_("Its number or name"), "list": N_("The lines"),
    "markdown": N_("Text in Markdown"), "more": N_("More people by name"), "name": N_("Name"), "next_check": N_("Next check"),
    "note": N_("A word with it"), "of": N_("Which team, people or role"), "prefix": N_("Prefix of its codes"), "reason": N_("Why?"),
    "recommendations": N_("Recommendations of each member"), "short": N_("Another name"), "slug": N_("Address"),
    "source": N_("Source"), "team": N_("Team"), "title": N_("Title"), "token_name": N_("What the token is for"),
    "until": N_("Pinned through"), "who": N_("Name or e-mail address"), "word": N_("What is wrong with it?"),
    "wording": N_("What it asks, in a few words"), "words": N_("The passage, in your words"), "words_budget": N_("Budget of words"),
}
# Where a form has the first of these fields, it carries the others by itself, under names that people type into elsewhere.
_CARRIED = {"base": ("action", "code"), "suffix": ("prefix",), "of": ("who",)}


@dataclass(frozen=True)
class Field:
    """One field as it came; without a label it is not seen."""

    name: str
    value: str
    label: str | None

    @property
    def is_long(self) -> bool:
        """Whether it takes a box of several lines."""
        return "\n" in self.value or len(self.value) > _LONG


@dataclass(frozen=True)
class Unsaved:
    """A form that was not saved."""

    action: str
    fields: list[Field]
    passwords: list[str]
    had_files: bool


def unsaved() -> Unsaved:
    """Return what the form of this request brought; a password is asked for again and never shown."""
    sent = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    carried = {name for first, names in _CARRIED.items() if first in request.form for name in names}
    return Unsaved(
        action=request.full_path.rstrip("?"),
        fields=[
            Field(name, value, LABELS.get(name) if value.strip() and name not in carried else None)
            for name, value in sent if name not in PASSWORDS
        ],
        passwords=[name for name, _ in sent if name in PASSWORDS],
        had_files=any(file.filename for file in request.files.values()),
    )
