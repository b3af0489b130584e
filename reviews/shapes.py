"""The shapes of upkeep in the JSON API."""

from core import clock
from discussions.lists import Listed
from regulations.amended import AmendedClause
from reviews.calendar import Entry
from reviews.looking import Look
from reviews.reviewing import Said
from reviews.since import Moved
from reviews.upkeep import Kept


def review_shape(said: Said) -> dict:
    """Return a review whole, for those who see reviews."""
    review = said.review
    return _reviewed(said) | {"id": review.id, "verdict": review.verdict, "note": review.note, "at": clock.rfc3339(review.at)}


def due_shape(code: str, version: int | None, kept: Kept) -> dict:
    """Return when a procedure is due for review."""
    return {
        "code": code,
        "version": version,
        "review_every": kept.review_every,
        "readable": not kept.is_unreadable,
        "due": kept.due.day.isoformat() if kept.due else None,
        "overdue": bool(kept.due and kept.due.is_overdue),
        "amended": [_amended(one) for one in kept.amended],
        "last_still_right": _reviewed(kept.last) if kept.last else None,
    }


def look_shape(look: Look) -> dict:
    """Return what a reviewer should know."""
    version = look.standing.in_force.number if look.standing.in_force else None
    told = look.happened
    return due_shape(look.found.procedure.code, version, look.kept) | {
        "since": clock.rfc3339(look.kept.since.at) if look.kept.since else None,
        "gaps": [_thread(one) for one in told.gaps] if told else [],
        "threads": [_thread(one) for one in told.threads] if told else [],
        "checks": [_thread(one) for one in told.checks] if told else [],
        "moved": [_moved(one) for one in told.moved] if told else [],
    }


def entry_shape(entry: Entry) -> dict:
    """Return one day of a calendar."""
    return {
        "day": entry.day.isoformat(), "kind": entry.kind, "code": entry.code, "title": entry.title, "owner": entry.owner,
        "version": entry.version, "space": entry.space.slug, "overdue": entry.is_overdue, "amended": entry.amended,
    }


def _reviewed(said: Said) -> dict:
    # What every reader of the procedure is told: the words of the note are not for them.
    review = said.review
    return {"version": review.version, "by": {"id": review.person_id, "name": said.name}, "day": review.day.isoformat()}


def _amended(one: AmendedClause) -> dict:
    return {"clause": one.clause_id, "label": one.label, "text": one.title, "note": one.note, "day": one.day.isoformat()}


def _thread(one: Listed) -> dict:
    return {"id": one.id, "kind": one.kind, "state": one.state, "heading": one.heading, "opened_at": clock.rfc3339(one.opened_at)}


def _moved(one: Moved) -> dict:
    return {
        "code": one.code, "title": one.title, "version": one.version, "action": one.action,
        "in_force_from": one.in_force_from.isoformat(), "reason": one.reason,
    }
