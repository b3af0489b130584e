"""What is in force, on any day: computed from a procedure's versions, never stored, so that no job makes it true."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wiki.models import Version


@dataclass(frozen=True)
class Standing:
    """How a procedure stands on one day. `versions` are all of its versions, newest first."""

    day: date
    versions: tuple[Version, ...]
    in_force: Version | None            # the text in force; None before the first, and once retired
    current: Version | None             # the same, or the version that retired it
    scheduled: tuple[Version, ...]      # waiting for their day, the next one first

    @property
    def latest(self) -> Version | None:
        """The newest version that was not cancelled."""
        return next((v for v in self.versions if not v.cancelled_by), None)

    @property
    def last_text(self) -> Version | None:
        """The last version that has a text; one that was cancelled only where no other has any."""
        texts = [v for v in self.versions if v.blob]
        return next((v for v in texts if not v.cancelled_by), None) or next(iter(texts), None)

    @property
    def start(self) -> Version | None:
        """The version a change starts from: the newest, or where all were cancelled the last text."""
        return self.latest or self.last_text

    @property
    def state(self) -> str:
        """in_force, scheduled (nothing in force yet) or retired."""
        if self.in_force:
            return "in_force"
        return "scheduled" if self.scheduled and not self.current else "retired"

    @property
    def shown(self) -> Version | None:
        """The version that speaks for the procedure: in force, else the next one, else the last one with a text."""
        if self.in_force:
            return self.in_force
        if self.state == "scheduled":
            return self.scheduled[0]
        return self.last_text or next(iter(self.versions), None)

    def state_of(self, version: Version) -> str:
        """Return scheduled, in_force, superseded or cancelled."""
        if version.cancelled_by:
            return "cancelled"
        if version is self.current:
            return "in_force"
        return "scheduled" if version in self.scheduled else "superseded"

    def until(self, version: Version) -> date | None:
        """Return the first day on which `version` no longer holds, None if none is known yet."""
        later = [v.in_force_from for v in self.versions if v.number > version.number and not v.cancelled_by]
        return min(later) if later else None


def standing(versions: Sequence[Version], day: date) -> Standing:
    """Return how a procedure stands on `day`: the highest number among those whose day has come and were not cancelled.

    Source: design, section 2, "In force".
    """
    newest_first = tuple(sorted(versions, key=lambda v: v.number, reverse=True))
    counted = [v for v in newest_first if not v.cancelled_by]
    current = next((v for v in counted if v.in_force_from <= day), None)
    waiting = [v for v in counted if v.in_force_from > day and (current is None or v.number > current.number)]
    return Standing(
        day=day,
        versions=newest_first,
        in_force=current if current and current.blob else None,
        current=current,
        scheduled=tuple(sorted(waiting, key=lambda v: (v.in_force_from, v.number))),
    )
