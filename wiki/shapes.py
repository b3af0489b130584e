"""The shapes of the rule in the JSON API. Source: design, section 6."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.models import Space
from core import clock
from wiki.approving import counted
from wiki.difference import Difference, difference
from wiki.models import Change, Version
from wiki.procedures import Listed
from wiki.proposals import after_of, presents, published_number, texts_of
from wiki.repository import Library
from wiki.standing import Standing


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
        "author": version.author,
        "approvals": _approvals(version),
    }


def procedure_shape(code: str, space: Space, standing: Standing, version: Version | None, text: str | None, html: str | None) -> dict:
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
    }


def difference_shape(found: Difference) -> list[dict]:
    """Return a difference as pieces: `same` and `added` together are the new text, `same` and `removed` the old one."""
    return [{"op": piece.op, "text": piece.text} for piece in found.pieces]


def change_shape(session: Session, library: Library, space: Space, change: Change, threads: Iterable[str]) -> dict:
    """Return a change with its texts, the difference each makes, and the approvals that count."""
    texts = texts_of(session, change)
    before = presents(session, library, space, texts)
    return {
        "id": change.id,
        "space": space.slug,
        "state": change.state,
        "digest": change.digest,
        "reason": change.reason,
        "kind": change.kind,
        "in_force_from": change.in_force_from.isoformat() if change.in_force_from else None,
        "replaces_scheduled": change.replaces_scheduled,
        "approvals_required": change.approvals_required,
        "end_reason": change.end_reason,
        "commit": change.commit,
        "texts": [_text_shape(session, change, text, before[text.code]) for text in texts],
        "approvals": [
            {"name": person.name, "at": _instant(approval.at), "meaning": approval.meaning, "comment": approval.comment}
            for approval, person in counted(session, space, change)
        ],
        "threads": list(threads),
    }


def _text_shape(session: Session, change: Change, text, before: str) -> dict:
    return {
        "action": text.action,
        "code": text.code,
        "markdown": text.markdown,
        "base": text.base,
        "version": published_number(session, change, text.code),
        "difference": difference_shape(difference(before, after_of(text, before))),
    }


def _approvals(version: Version) -> list[dict]:
    return [{"name": a["name"], "at": a["at"], "meaning": a["meaning"]} for a in version.approvals]


def _instant(at: datetime | None) -> str | None:
    return clock.rfc3339(at) if at else None
