"""One thing that people are told, and how it is written down: once per person and cause, however often it is tried."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from core import clock
from core.database import Database, add_missing, new_id
from core.journal import Act
from notices.choices import choices_of
from notices.models import DIRECT, Notice
from notices.times import mail_time

BATCH = 500             # rows written in one transaction, so that nobody who writes waits for long


@dataclass(frozen=True)
class Told:
    """Something that happened in a space, and who is told of it under which kind."""

    cause: str
    at: datetime
    space_id: str
    people: Mapping[str, str]
    actor_id: str | None = None
    about: Mapping[str, object] = field(default_factory=dict)      # further columns of the notice


def cause_of(act: Act, *more: object) -> str:
    """Return the cause that an act is."""
    return ":".join(map(str, ("act", act.chain, act.sequence, *more)))


def first_of(*groups: tuple[str, set[str]], leave_out: set[str | None] = frozenset()) -> dict[str, str]:
    """Return people with the kind of the first group each is in: one notice says one thing."""
    found: dict[str, str] = {}
    for kind, people in groups:
        for person in people - leave_out:
            found.setdefault(person, kind)
    return found


def write(database: Database, told: Told, *, zone: ZoneInfo, mails: bool) -> None:
    """Write down who was told, in batches. `mails` says whether the site sends mail at all; `zone` is the site's."""
    now = clock.now()
    for batch in _batches(sorted(told.people.items())):
        with database.transaction() as session:
            choices = choices_of(session, [person for person, _ in batch]) if mails else {}
            add_missing(session, Notice, [_row(told, person, kind, choices, now, zone) for person, kind in batch])


def _row(told: Told, person: str, kind: str, choices: Mapping, now: datetime, zone: ZoneInfo) -> dict:
    chosen = choices.get(person)
    mode = (chosen.direct if kind in DIRECT else chosen.followed) if chosen else "none"
    nothing = dict.fromkeys(("procedure_id", "thread_id", "post_id", "change_id", "version", "subject_id"))
    return nothing | {"word": ""} | dict(told.about) | {
        "id": new_id(), "person_id": person, "cause": told.cause, "kind": kind, "at": told.at, "actor_id": told.actor_id,
        "space_id": told.space_id, "mail_at": mail_time(mode, now, chosen.zone(zone)) if chosen else None, "read_at": None, "letter_id": None,
    }


def _batches(people: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    waiting = iter(people)
    while batch := list(islice(waiting, BATCH)):
        yield batch
