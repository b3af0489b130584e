"""What the pages' forms carry, read without a rule: the verbs judge it."""

from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from core.errors import Invalid, N_
from wiki.drafts import Draft, DraftText
from wiki.models import Change, ChangeText


@dataclass(frozen=True)
class TextField:
    """One text of the editor, as typed."""

    action: str
    code: str
    markdown: str
    base: str


@dataclass(frozen=True)
class ChangeForm:
    """The editor as somebody left it, so that nothing typed is lost whatever happens."""

    reason: str
    kind: str
    in_force_from: str
    replaces_scheduled: bool
    texts: tuple[TextField, ...]
    digest: str = ""

    def draft(self) -> Draft:
        """Return what was typed as a draft. Raises: Invalid where a date or a number cannot be read."""
        return Draft(
            reason=self.reason,
            kind=self.kind or None,
            texts=tuple(_text(field) for field in self.texts),
            in_force_from=_date(self.in_force_from),
            replaces_scheduled=self.replaces_scheduled,
        )


def from_request(form: MultiDict) -> ChangeForm:
    """Read the editor's fields: `code`, `action`, `base` and `markdown` come once per text, in order."""
    codes, actions, bases = form.getlist("code"), form.getlist("action"), form.getlist("base")
    texts = tuple(
        TextField(_at(actions, n), _at(codes, n), _lines(markdown), _at(bases, n))
        for n, markdown in enumerate(form.getlist("markdown"))
    )
    return ChangeForm(
        reason=_lines(form.get("reason", "")),
        kind=form.get("kind", ""),
        in_force_from=form.get("in_force_from", "").strip(),
        replaces_scheduled=form.get("replaces_scheduled") == "1",
        texts=texts,
        digest=form.get("digest", ""),
    )


def from_change(change: Change, texts: list[ChangeText]) -> ChangeForm:
    """Return the editor filled with a change as it stands."""
    return ChangeForm(
        reason=change.reason,
        kind=change.kind,
        in_force_from=change.in_force_from.isoformat() if change.in_force_from else "",
        replaces_scheduled=change.replaces_scheduled,
        texts=tuple(TextField(t.action, t.code, t.markdown or "", str(t.base or "")) for t in texts),
        digest=change.digest,
    )


def _text(field: TextField) -> DraftText:
    takes_text = field.action in ("", "create", "amend")
    return DraftText(
        action=field.action or None,
        code=field.code or None,
        markdown=field.markdown if takes_text else None,
        base=_number(field.base),
    )


def _lines(typed: str) -> str:
    # Browsers send every line end as CRLF; a text keeps the ends it is written with in git, LF.
    return typed.replace("\r\n", "\n")


def _at(values: list[str], position: int) -> str:
    return values[position].strip() if position < len(values) else ""


def _number(typed: str) -> int | None:
    if not typed:
        return None
    if not typed.isascii() or not typed.isdigit() or len(typed) > 9:
        raise Invalid(N_("There is no such version to start from."), field="base")
    return int(typed)


def _date(typed: str) -> date | None:
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Invalid(N_("Give the day as year-month-day, such as 2026-03-31."), field="in_force_from") from None
