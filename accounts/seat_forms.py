"""The form that says who approves: a row per seat, empty rows left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from werkzeug.datastructures import MultiDict

from accounts.seating import MOST_SEATS
from accounts.seats import KINDS, Seat
from core.errors import Invalid, N_


@dataclass(frozen=True)
class SeatField:
    """One row, as typed."""

    who: str = ""
    of: str = ""


class SeatBody(BaseModel):
    """One approval and who may give it; `of` holds people (id, address or full name), a team or a role."""

    model_config = ConfigDict(extra="forbid", strict=True)

    who: Literal["any", "people", "team", "role", "owner"]
    of: list[str] = Field(default=[], max_length=20)


class SeatsBody(BaseModel):
    """Every approval that is asked for; none publishes at once."""

    model_config = ConfigDict(extra="forbid", strict=True)

    seats: list[SeatBody] = Field(max_length=MOST_SEATS)


def typed(form: MultiDict) -> tuple[SeatField, ...]:
    """Read the rows of the form."""
    rows = zip_longest(form.getlist("who"), form.getlist("of"), fillvalue="")
    return tuple(SeatField(who, of.strip()) for who, of in rows)[:MOST_SEATS]


def check_whole(form: MultiDict) -> None:
    """Go on only with a form that has rows: leaving every row empty means something. Raises: Invalid."""
    if not form.getlist("who"):
        raise Invalid(N_("This form is not whole. Load the page again."), field="seats")


def seats_of(rows: Sequence[SeatField]) -> tuple[Seat, ...]:
    """Return what was typed as seats; names stand apart by commas."""
    return tuple(Seat(row.who, tuple(part.strip() for part in row.of.split(",") if part.strip())) for row in rows if row.who)


def fields_of(seats: Sequence[Seat], names: Mapping[str, str]) -> tuple[SeatField, ...]:
    """Return the form filled with seats as they are, with empty rows at the end."""
    rows = [SeatField(seat.who, ", ".join(names.get(word, word) for word in seat.of)) for seat in seats]
    return tuple(rows + [SeatField()] * (MOST_SEATS - len(rows)))


def seats_of_body(body: SeatsBody) -> tuple[Seat, ...]:
    """Return a body of the API as seats."""
    return tuple(Seat(one.who, tuple(one.of)) for one in body.seats)


def seat_of_word(word: str) -> Seat:
    """Return a word of the command line as a seat: any, owner, team:NAME, role:ROLE, or addresses apart by commas."""
    kind, mark, rest = word.partition(":")
    if word in ("any", "owner"):
        return Seat(word)
    if mark and kind in KINDS:
        return Seat(kind, (rest,))
    return Seat("people", tuple(word.split(",")))
