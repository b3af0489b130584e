"""The shapes of this package in the JSON API."""

from core import clock
from receipts.audiences import Audience
from receipts.models import Receipt, Reminder
from receipts.rolls import Line, Roll
from receipts.to_read import ToRead
from wiki.procedures import Found


def audience_shape(found: Found, audience: Audience, teams: tuple[str, ...], roll: Roll) -> dict:
    """Return an audience with how many it means today."""
    return {
        "code": found.procedure.code,
        "roles": list(audience.roles),
        "people": [{"id": person.id, "name": person.name} for person in audience.people],
        "applies_to": audience.applies_to,
        "teams": list(teams),
        "asked": roll.asked,
        "missing": len(roll.of("missing")),
        "digest": audience.digest,
    }


def line_shape(line: Line) -> dict:
    """Return one line of a roll."""
    return {
        "person": {"id": line.person.id, "name": line.person.name},
        "team": line.person.team,
        "state": line.state,
        "version": line.version,
        "at": line.at and clock.rfc3339(line.at),
        "blob": line.blob,
        "since": line.since and clock.rfc3339(line.since),
        "reminded_at": line.reminded_at and clock.rfc3339(line.reminded_at),
    }


def receipt_shape(code: str, receipt: Receipt) -> dict:
    """Return a receipt."""
    return {"code": code, "version": receipt.version, "blob": receipt.blob, "at": clock.rfc3339(receipt.at)}


def reminded_shape(code: str, reminders: list[Reminder]) -> dict:
    """Return who was asked again."""
    return {"code": code, "reminded": [reminder.person_id for reminder in reminders]}


def to_read_shape(one: ToRead) -> dict:
    """Return a procedure that waits for a receipt."""
    return {
        "code": one.code,
        "title": one.title,
        "space": one.space.slug,
        "version": one.version,
        "attested": one.attested,
        "since": clock.rfc3339(one.since),
        "reminders": [{"by": {"id": again.person_id, "name": again.name}, "at": clock.rfc3339(again.at)} for again in one.reminders],
    }
