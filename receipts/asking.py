"""What a procedure asks on one day: of whom, and for which version. Nothing here looks at the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from accounts.actors import Actor
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import has_role, may
from core.text import folded
from receipts.models import AudienceEntry
from wiki.standing import Standing

IMPLYING_MEMBER = ("member", "author", "approver", "animator")


@dataclass(frozen=True)
class Entry:
    """A part of an audience: see `AudienceEntry`."""

    kind: str
    role: str | None
    person_id: str | None
    added_at: datetime


@dataclass(frozen=True)
class Text:
    """A version that held, and whether it asks for a new receipt."""

    number: int
    blob: str
    day: date
    is_material: bool


@dataclass(frozen=True)
class Reader:
    """Somebody who may be asked, since when they are here and in their team, and an employee if they were a guest before."""

    actor: Actor
    created_at: datetime
    team_since: datetime | None = None
    employee_since: datetime | None = None


@dataclass(frozen=True)
class Asking:
    """The audience of a procedure and the texts that held up to a day, newest first; none where nothing is in force."""

    procedure_id: int
    entries: tuple[Entry, ...]
    teams: frozenset[str]           # that the text in force names, folded
    texts: tuple[Text, ...]

    @property
    def present(self) -> Text | None:
        """The text in force, which is the only one that can be attested."""
        return self.texts[0] if self.texts else None

    def entries_for(self, actor: Actor, space: Space) -> list[Entry]:
        """Return the parts of the audience that mean this person; none who may not read the space, or audits it."""
        if not may(actor, Permission.ATTEST, space):
            return []
        return [entry for entry in self.entries if self._means(entry, actor, space)]

    def owed(self, last: int | None) -> tuple[Text, ...]:
        """Return the texts that ask for a receipt of somebody who last attested version `last`: one receipt covers all.

        Who never attested is asked for the text in force, whatever its kind; afterwards only material versions ask.
        """
        if last is None:
            return self.texts
        return tuple(text for text in self.texts if text.number > last and text.is_material)

    def since(self, reader: Reader, space: Space, last: int | None, zone: ZoneInfo) -> datetime | None:
        """Return since when this person is asked for a receipt; None if they are not."""
        entries, owed = self.entries_for(reader.actor, space), self.owed(last)
        if not entries or not owed:
            return None
        named = min(_reached(entry, reader, space) for entry in entries)
        began = datetime.combine(owed[-1].day, time(), zone)
        return max(named, began, _came(reader, space))

    def _means(self, entry: Entry, actor: Actor, space: Space) -> bool:
        match entry.kind:
            case "role":
                return has_role(actor, entry.role, space)
            case "person":
                return entry.person_id == actor.id
        return not actor.is_guest and bool(actor.team) and folded(actor.team) in self.teams


def asking_of(procedure_id: int, entries: Sequence[AudienceEntry], standing: Standing, teams: frozenset[str]) -> Asking:
    """Return what a procedure asks as it stands."""
    present = standing.in_force
    held = [
        version for version in standing.versions
        if present and version.number <= present.number and version.in_force_from <= standing.day
        and version.blob and not version.cancelled_by
    ]
    return Asking(
        procedure_id=procedure_id,
        entries=tuple(Entry(entry.kind, entry.role, entry.person_id, entry.added_at) for entry in entries),
        teams=teams,
        texts=tuple(Text(v.number, v.blob, v.in_force_from, v.kind == "material") for v in held),
    )


def _reached(entry: Entry, reader: Reader, space: Space) -> datetime:
    """Return when an entry began to mean this person."""
    if entry.kind == "applies_to":
        return max(filter(None, (entry.added_at, reader.team_since, reader.employee_since)))
    if entry.kind == "role":
        counted = IMPLYING_MEMBER if entry.role == "member" else (entry.role,)
        granted = [at for role in counted if (at := reader.actor.granted_at.get((space.id, role)))]
        everybody = entry.role == "member" and space.visibility == "internal" and reader.actor.is_employee
        if granted and not everybody:
            return max(entry.added_at, min(granted))
    return entry.added_at


def _came(reader: Reader, space: Space) -> datetime:
    """Return since when a person could be asked in a space at all; a guest cannot in an internal one."""
    return reader.employee_since or reader.created_at if space.visibility == "internal" else reader.created_at
