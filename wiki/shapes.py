"""The shapes of the rule in the JSON API. Source: design, section 6."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person, Space
from core import clock
from core.api import PREFIX
from wiki.approving import counted
from wiki.attached import Attachment, FileChange, listed, touched
from wiki.difference import Difference, difference
from wiki.models import Approval, Change, ChangeText, Version
from wiki.pictures import change_address, version_address
from wiki.procedures import Listed, Stood
from wiki.proposals import UnderWay, after_of, published_numbers, starts, under_way
from wiki.repository import Library
from wiki.standing import Standing
from wiki.translating import Links, Source


def listed_shape(listed: Listed) -> dict:
    """Return a procedure in a list."""
    return {
        "code": listed.code,
        "title": listed.title,
        "state": listed.state,
        "version": listed.version,
        "in_force_from": listed.in_force_from.isoformat(),
    }


def version_shape(standing: Standing, version: Version) -> dict:
    """Return one version as it stands."""
    return {
        "version": version.number,
        "action": version.action,
        "state": standing.state_of(version),
        "imported": version.imported,
        "approved_at": _instant(version.approved_at),
        "in_force_from": version.in_force_from.isoformat(),
        "commit": version.commit,
        "kind": version.kind,
        "reason": version.reason,
        "for_you": version.for_you,
        "author": version.author,
        "approvals": _approvals(version),
    }


def procedure_shape(
    code: str, space: Space, standing: Standing, version: Version | None, text: str | None, html: str | None, links: Links
) -> dict:
    """Return a procedure with the text of one version; without a version only where nothing is in force."""
    shown = version or standing.shown
    following = standing.scheduled[0] if standing.scheduled else None
    return {
        "code": code,
        "title": shown.title,
        "space": space.slug,
        "state": standing.state,
        "version": version.number if version else None,
        "approved_at": _instant(version.approved_at) if version else None,
        "in_force_from": version.in_force_from.isoformat() if version else None,
        "commit": version.commit if version else None,
        "markdown": text,
        "html": html,
        "approvals": _approvals(version) if version else [],
        "next": version_shape(standing, following) if following and following is not version else None,
        "attachments": _attachments(listed(version), version_address(code, version.number)) if version else [],
        "language": shown.language,
        "translation_of": _source_shape(links.source),
        "translations": [
            {"code": one.code, "language": one.language, "title": one.title, "behind": one.behind} for one in links.translations
        ],
    }


def _source_shape(source: Source | None) -> dict | None:
    if source is None:
        return None
    return {"code": source.code, "version": source.version, "current": source.current, "behind": source.behind}


def difference_shape(found: Difference) -> list[dict]:
    """Return a difference as pieces: `same` and `added` together are the new text, `same` and `removed` the old one."""
    return [{"op": piece.op, "text": piece.text} for piece in found.pieces]


@dataclass(frozen=True)
class Told:
    """A change with all that SQL knows of it: what is left, to compare its texts, must not hold up whoever writes."""

    change: Change
    space: Space
    present: UnderWay
    made: Mapping[str, int]
    approvals: Sequence[tuple[Approval, Person]]
    threads: Sequence[str]
    proposed_by: str | None
    taken_over_by: str | None


def told(
    session: Session, library: Library, space: Space, change: Change, threads: Iterable[str], present: UnderWay | None = None
) -> Told:
    """Return what is told of a change. `present` spares its texts, and what they start from, a second reading."""
    return Told(
        change, space, present or under_way(session, library, change), published_numbers(session, change),
        counted(session, space, change) if change.approvals_required else (),
        list(threads), _name(session, change.opened_by) if change.proposed_at else None, _name(session, change.taken_over_by),
    )


def change_shape(library: Library, told: Told) -> dict:
    """Return a change with its texts, the difference each makes, and the approvals that count."""
    change, space, texts, found = told.change, told.space, told.present.texts, told.present.found
    before = starts(library, space, texts, found)
    return {
        "id": change.id,
        "space": space.slug,
        "state": change.state,
        "digest": change.digest,
        "reason": change.reason,
        "kind": change.kind,
        "for_you": change.for_you,
        "in_force_from": change.in_force_from.isoformat() if change.in_force_from else None,
        "replaces_scheduled": change.replaces_scheduled,
        "approvals_required": change.approvals_required,
        "end_reason": change.end_reason,
        "commit": change.commit,
        "texts": [_text_shape(text, before[text.code], told.made.get(text.code), found.get(text.code)) for text in texts],
        "approvals": [
            {"name": person.name, "at": _instant(approval.at), "meaning": approval.meaning, "comment": approval.comment}
            for approval, person in told.approvals
        ],
        "threads": told.threads,
        "proposed": change.proposed_at is not None,
        "proposed_by": told.proposed_by,
        "taken_over_by": told.taken_over_by,
    }


def file_changes_shape(changes: Iterable[FileChange]) -> list[dict]:
    """Return what became of files that did not stay as they were."""
    return [{"name": one.name, "change": one.change} for one in changes]


def _name(session: Session, id: str | None) -> str | None:
    return session.scalar(select(Person.name).where(Person.id == id)) if id else None


def _text_shape(text: ChangeText, before: str, made: int | None, found: Stood | None) -> dict:
    versions = found.standing.versions if found else ()
    base = next((v for v in versions if v.number == text.base), None)
    return {
        "action": text.action,
        "code": text.code,
        "markdown": text.markdown,
        "base": text.base,
        "version": made,
        "difference": difference_shape(difference(before, after_of(text, before))),
        "attachments": _attachments(listed(text), change_address(text.change_id, text.position)),
        "files": file_changes_shape(touched(listed(base), listed(text)) if text.action != "cancel" else ()),
    }


def _attachments(files: Iterable[Attachment], address: Callable[[str], str]) -> list[dict]:
    return [
        {"name": one.name, "type": one.type, "size": one.size, "sha256": one.sha256, "url": PREFIX + address(one.name)} for one in files
    ]


def _approvals(version: Version) -> list[dict]:
    return [{"name": a["name"], "at": a["at"], "meaning": a["meaning"]} for a in version.approvals]


def _instant(at: datetime | None) -> str | None:
    return clock.rfc3339(at) if at else None
