"""A publication as a commit message: the reason, then one block of trailers that the server alone writes.

The reason is folded to one line and stands apart from the block by a blank line, so that nobody's words can be read as
a trailer. Everything that SQL needs to rebuild its rows is in the block.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from core.clock import rfc3339


@dataclass(frozen=True)
class Signature:
    """Somebody's name under a text, with the time and the meaning."""

    person: str
    name: str
    at: datetime
    meaning: str


@dataclass(frozen=True)
class Entry:
    """What a publication does to one procedure. `number` is the version made, or for `cancel` the version undone."""

    code: str
    path: str
    number: int
    action: str
    base: int | None = None
    replaces: int | None = None
    in_force_from: date | None = None
    attachments: tuple[tuple[str, str], ...] = ()       # type and name of each file that the version has
    translates: tuple[str, int] | None = None


@dataclass(frozen=True)
class Publication:
    """One publication commit, as data."""

    reason: str
    journal: str
    entries: tuple[Entry, ...]
    kind: str = "editorial"
    change: str | None = None
    digest: str | None = None
    source: str | None = None
    approvals_required: int = 0
    for_you: tuple[str, ...] = ()
    written_by: tuple[tuple[str, str], ...] = ()
    written_at: tuple[tuple[str, datetime], ...] = ()       # by person: their last save
    approvals: tuple[Signature, ...] = field(default=())

    @property
    def first_writer(self) -> str | None:
        """The person who wrote first, None if nobody is named."""
        return self.written_by[0][0] if self.written_by else None

    @property
    def is_import(self) -> bool:
        """Whether this is the commit that vouches for an imported past."""
        return any(entry.action == "import" for entry in self.entries)


def folded(reason: str) -> str:
    """Return a reason as the one line that git keeps."""
    return " ".join(reason.split())


def message(publication: Publication) -> str:
    """Return the commit message of a publication."""
    lines = [f"Change: {publication.change}"] if publication.change else []
    lines += [f"Kind: {publication.kind}"]
    lines += [f"Digest: {publication.digest}"] if publication.digest else []
    lines += [f"Source: {publication.source}"] if publication.source else []
    lines += [f"For-You: {folded(line)}" for line in publication.for_you]
    lines += [f"Written-By: {person} {name}" for person, name in publication.written_by]
    lines += [f"Written-At: {person} {rfc3339(at)}" for person, at in publication.written_at]
    lines += [f"Approvals-Required: {publication.approvals_required}"]
    lines += [f"Approved-By: {s.person} {rfc3339(s.at)} {s.meaning} {s.name}" for s in publication.approvals]
    lines += [f"Journal: {publication.journal}"]
    for entry in publication.entries:
        lines += _entry_lines(entry)
    return f"{folded(publication.reason) or _headline(publication)}\n\n" + "\n".join(lines) + "\n"


def parse(text: str) -> Publication:
    """Return the publication that a commit message records.

    Raises: ValueError if the message was not written by `message`.
    """
    head, _, block = text.rstrip("\n").rpartition("\n\n")
    found: dict[str, list[str]] = {}
    entries: list[dict] = []
    for line in block.split("\n"):
        name, mark, value = line.partition(": ")
        if not mark:
            raise ValueError(f"not a trailer: {line[:60]!r}")
        if name == "Procedure":
            entries.append({})
        if entries and name == "Attachment":
            entries[-1].setdefault(name, []).append(value)
        elif entries:
            entries[-1][name] = value
        else:
            found.setdefault(name, []).append(value)
    if not entries or "Journal" not in found:
        raise ValueError("the block of trailers is not whole")
    return _publication(head, found, entries)


def _publication(reason: str, found: dict[str, list[str]], entries: list[dict]) -> Publication:
    def one(name: str) -> str | None:
        return found[name][0] if name in found else None

    publication = Publication(
        reason=reason,
        journal=found["Journal"][0],
        entries=tuple(_entry(entry) for entry in entries),
        kind=one("Kind") or "editorial",
        change=one("Change"),
        digest=one("Digest"),
        source=one("Source"),
        approvals_required=int(one("Approvals-Required") or 0),
        for_you=tuple(found.get("For-You", [])),
        written_by=tuple(tuple(line.split(" ", 1)) for line in found.get("Written-By", [])),
        written_at=tuple(_written_at(line) for line in found.get("Written-At", [])),
        approvals=tuple(_signature(line) for line in found.get("Approved-By", [])),
    )
    return replace(publication, reason="") if reason == _headline(publication) else publication


def _written_at(line: str) -> tuple[str, datetime]:
    person, at = line.split(" ")
    return person, datetime.fromisoformat(at)


def _signature(line: str) -> Signature:
    person, at, meaning, name = line.split(" ", 3)
    return Signature(person, name, datetime.fromisoformat(at), meaning)


def _entry(found: dict) -> Entry:
    return Entry(
        code=found["Procedure"],
        path=found["Path"],
        number=int(found["Version"]),
        action=found["Action"],
        base=int(found["Base"]) if "Base" in found else None,
        replaces=int(found["Replaces"]) if "Replaces" in found else None,
        in_force_from=date.fromisoformat(found["In-Force-From"]) if "In-Force-From" in found else None,
        attachments=tuple(tuple(line.split(" ", 1)) for line in found.get("Attachment", [])),
        translates=_translates(found["Translation-Of"]) if "Translation-Of" in found else None,
    )


def _translates(line: str) -> tuple[str, int]:
    code, number = line.split(" ")
    return code, int(number)


def _entry_lines(entry: Entry) -> list[str]:
    lines = [f"Procedure: {entry.code}", f"Path: {entry.path}", f"Version: {entry.number}", f"Action: {entry.action}"]
    lines += [f"Base: {entry.base}"] if entry.base is not None else []
    lines += [f"Replaces: {entry.replaces}"] if entry.replaces is not None else []
    lines += [f"In-Force-From: {entry.in_force_from.isoformat()}"] if entry.in_force_from else []
    lines += [f"Attachment: {type} {name}" for type, name in entry.attachments]
    lines += ["Translation-Of: {} {}".format(*entry.translates)] if entry.translates else []
    return lines


def _headline(publication: Publication) -> str:
    entry = publication.entries[0]
    more = f" and {len(publication.entries) - 1} more" if len(publication.entries) > 1 else ""
    return f"{entry.code} version {entry.number}, {entry.action}{more}"
