"""The shapes of the register in the JSON API."""

from datetime import date

from core import clock
from regulations.clauses import Amended
from regulations.coverage import Coverage, Covered, Unknown
from regulations.models import Regulation


def text_shape(text: Regulation, slug: str, coverage: Coverage, checker: str | None, today: date) -> dict:
    """Return a text as it stands in the register."""
    return {
        "id": text.id, "space": slug, "title": text.title, "short": text.short, "source": text.source,
        "dated": _day(text.dated), "next_check": _day(text.next_check),
        "check_overdue": text.next_check is not None and text.next_check < today,
        "checked_at": clock.rfc3339(text.checked_at) if text.checked_at else None, "checked_by": checker,
        "revision": text.revision, "clauses_total": len(coverage.of(text)), "holes": coverage.holes(text),
    }


def clause_shape(covered: Covered) -> dict:
    """Return a clause and who answers it."""
    clause = covered.clause
    return {
        "id": clause.id, "label": clause.label, "wording": clause.wording, "revision": clause.revision,
        "amended": amendment_shape(covered.amended) if covered.amended else None,
        "procedures": [
            {"code": one.code, "title": one.title, "state": one.state, "version": one.version} for one in covered.answers
        ],
    }


def amendment_shape(amended: Amended) -> dict:
    """Return what somebody said when a clause was amended."""
    said = amended.amendment
    return {"note": said.note, "by": amended.name, "day": said.day.isoformat(), "at": clock.rfc3339(said.at)}


def unknown_shape(unknown: Unknown) -> dict:
    """Return words that name nothing of the register."""
    return {"code": unknown.speaking.code, "version": unknown.speaking.version, "words": unknown.words}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
