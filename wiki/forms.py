"""What the pages' forms carry, read without a rule: the verbs judge it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from flask import request
from werkzeug.datastructures import MultiDict

from core import text
from core.errors import Invalid, N_
from wiki.attached import Attachment, received
from wiki.drafts import MOST_TEXTS, Draft, DraftText
from wiki.models import Change, ChangeText
from wiki.passages import Span
from wiki.repository import Library

Files = Mapping[int, Sequence[Attachment]]


@dataclass(frozen=True)
class TextField:
    """One text of the editor, as typed."""

    action: str
    code: str
    markdown: str
    base: str
    removed: frozenset[str] = frozenset()

    @property
    def takes_text(self) -> bool:
        """Whether there is a text to write; an action that is not known keeps what was typed."""
        return self.action not in ("retire", "restore", "cancel")


@dataclass(frozen=True)
class ChangeForm:
    """The editor as somebody left it, so that nothing typed is lost whatever happens."""

    reason: str
    kind: str
    in_force_from: str
    replaces_scheduled: bool
    texts: tuple[TextField, ...]
    digest: str = ""
    for_you: str = ""
    left: tuple[str, ...] = ()          # the keys of remarks that are to stay as they are
    out: tuple[TextField, ...] = ()     # texts that were left out and can be taken back in

    def draft(self, added: Files = MappingProxyType({})) -> Draft:
        """Return what was typed as a draft, with the files that came along, by the position of their text.

        Raises: Invalid where a date or a number cannot be read.
        """
        return Draft(
            reason=self.reason,
            kind=self.kind or None,
            texts=tuple(_text(field, added.get(n, ())) for n, field in enumerate(self.texts)),
            in_force_from=text.day(self.in_force_from, field="in_force_from") if self.in_force_from else None,
            replaces_scheduled=self.replaces_scheduled,
            for_you=tuple(self.for_you.splitlines()),
        )


@dataclass(frozen=True)
class ProposalForm:
    """What a reader proposes, as typed: other words for the passages of `span`, for the whole text without one."""

    words: str
    reason: str
    base: str
    span: Span | None
    digest: str = ""


def proposal_from_request(form: MultiDict) -> ProposalForm:
    """Read the fields of a proposal."""
    return ProposalForm(
        words=_lines(form.get("words", "")),
        reason=_lines(form.get("reason", "")),
        base=form.get("base", "").strip(),
        span=_span(form.get("span", "")),
        digest=form.get("digest", ""),
    )


def cited_ids() -> list[str]:
    """Return the threads that a change grows out of, as the address or the form names them."""
    return [id for id in request.values.getlist("thread") if id][:50]


def from_request(form: MultiDict) -> ChangeForm:
    """Read the editor's fields: `code`, `action`, `base` and `markdown` come once per text, in order, and so do those left out."""
    texts = tuple(replace(field, removed=frozenset(form.getlist(f"remove-{n}"))) for n, field in enumerate(_text_fields(form)))
    return ChangeForm(
        reason=_lines(form.get("reason", "")),
        kind=form.get("kind", ""),
        in_force_from=form.get("in_force_from", "").strip(),
        replaces_scheduled=form.get("replaces_scheduled") == "1",
        texts=texts,
        digest=form.get("digest", ""),
        for_you=_lines(form.get("for_you", "")),
        left=tuple(form.getlist("left")),
        out=tuple(_text_fields(form, "out_")),
    )


def _text_fields(form: MultiDict, prefix: str = "") -> Iterator[TextField]:
    codes, actions, bases = (form.getlist(prefix + name) for name in ("code", "action", "base"))
    for n, markdown in enumerate(form.getlist(f"{prefix}markdown")):
        yield TextField(_at(actions, n), _at(codes, n), _lines(markdown), _at(bases, n))


def files_of(sent: MultiDict, library: Library) -> Files:
    """Judge and keep the files that came with a form, by the position of their text; a box left empty sends none.

    Raises: Invalid, TooBig or Unavailable, as `attached.received`.
    """
    found: dict[int, tuple[Attachment, ...]] = {}
    for n in range(MOST_TEXTS):
        given = [file for file in sent.getlist(f"file-{n}") if file.filename]
        if given:
            found[n] = tuple(received(library, file.filename, file.read()) for file in given)
    return found


def from_change(change: Change, texts: list[ChangeText], left: Collection[str] = ()) -> ChangeForm:
    """Return the editor filled with a change as it stands."""
    return ChangeForm(
        reason=change.reason,
        kind=change.kind,
        in_force_from=change.in_force_from.isoformat() if change.in_force_from else "",
        replaces_scheduled=change.replaces_scheduled,
        texts=tuple(TextField(t.action, t.code, t.markdown or "", str(t.base or "")) for t in texts),
        digest=change.digest,
        for_you="\n".join(change.for_you),
        left=tuple(left),
    )


def _span(typed: str) -> Span | None:
    found = re.fullmatch(r"([0-9]{1,6})-([0-9]{1,6})", typed)
    return Span(int(found[1]), int(found[2])) if found else None


def _text(field: TextField, added: Sequence[Attachment]) -> DraftText:
    return DraftText(
        action=field.action or None,
        code=field.code or None,
        markdown=field.markdown if field.takes_text else None,
        base=_number(field.base),
        added=tuple(added),
        removed=field.removed,
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
