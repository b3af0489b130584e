"""The texts of a space's register: add, edit, say that one was looked at again, take out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person, Space
from accounts.permissions import Permission
from accounts.policy import readable_spaces, require
from core import clock, journal
from core.database import new_id
from core.errors import Conflict, Invalid, N_, NotFound
from core.journal import Chain
from core.text import line
from regulations.models import Regulation
from regulations.naming import label_of
from wiki.repository import Library

FARTHEST_YEAR = 2200


class Place(NamedTuple):
    """A text the actor may read, and its space."""

    regulation: Regulation
    space: Space


@dataclass(frozen=True)
class TextFacts:
    """What the register says of a text."""

    title: str
    short: str = ""
    source: str = ""
    dated: date | None = None
    next_check: date | None = None

    def checked(self) -> "TextFacts":
        """Return these facts cleaned. Raises: Invalid with the field; a title holds a letter or a figure."""
        title = line(self.title, field="title", limit=300)
        if not label_of(title, ()):
            raise Invalid(N_("A text is named by letters or figures."), field="title")
        return TextFacts(
            title=title,
            short=line(self.short, field="short", limit=80, required=False),
            source=line(self.source, field="source", limit=500, required=False),
            dated=near(self.dated, "dated"),
            next_check=near(self.next_check, "next_check"),
        )


def near(day: date | None, field: str) -> date | None:
    """Return a day of the present ages. Raises: Invalid with the field."""
    if day is not None and day.year > FARTHEST_YEAR:
        raise Invalid(N_("This day is too far away."), field=field)
    return day


def readable(session: Session, actor: Actor, id: str) -> Place:
    """Return a text of a register and its space. Raises: NotFound if it is not there, or not for this actor."""
    row = session.execute(
        select(Regulation, Space)
        .join(Space, Space.id == Regulation.space_id)
        .where(Regulation.id == id, Regulation.dropped_at.is_(None), readable_spaces(actor))
    ).first()
    if row is None:
        raise NotFound()
    return Place(*row)


def listed(session: Session, space: Space) -> list[Regulation]:
    """Return the texts of a space's register, by title. The right to the space was asked before."""
    held = select(Regulation).where(Regulation.space_id == space.id, Regulation.dropped_at.is_(None))
    return sorted(session.scalars(held), key=lambda one: (one.title.casefold(), one.id))


def checkers(session: Session, regulations: Sequence[Regulation]) -> dict[str, str]:
    """Return the names of those who last looked whether these texts changed, by text; nobody has where there is none."""
    ids = {one.checked_by for one in regulations if one.checked_by}
    names = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())
    return {one.id: names[one.checked_by] for one in regulations if one.checked_by}


def add(session: Session, actor: Actor, space: Space, facts: TextFacts) -> Regulation:
    """Add a text to a space's register; one that was taken out comes back with its clauses.

    Raises: NotFound, Unauthenticated or Denied if the actor may not; Invalid with the field; Conflict if it is there.
    """
    require(actor, Permission.KEEP_REGISTER, space)
    chain, facts = journal.lock(session, space.id), facts.checked()
    known = by_title(session, space, facts.title)
    if known is not None and known.dropped_at is None:
        raise Conflict(N_("This text is in the register already."), field="title")
    regulation = known or begun(space, actor.id)
    session.add(regulation)
    write(regulation, facts)
    session.flush()
    _record(session, chain, actor, "add_regulation", regulation)
    return regulation


def edit(session: Session, actor: Actor, id: str, facts: TextFacts, *, revision: int) -> Regulation:
    """Change what the register says of a text. `revision` is the one the actor was shown.

    Raises: as `add`; Conflict if somebody edited it meanwhile.
    """
    place, chain = locked(session, actor, id)
    regulation, facts = place.regulation, facts.checked()
    check_unmoved(regulation.revision, revision)
    other = by_title(session, place.space, facts.title)
    if other is not None and other.id != regulation.id:
        raise Conflict(N_("Another text of the register has this title."), field="title")
    if write(regulation, facts):
        session.flush()
        _record(session, chain, actor, "edit_regulation", regulation)
    return regulation


def look_again(session: Session, library: Library, actor: Actor, id: str, next_check: date | None) -> Regulation:
    """Record that the actor looked today whether a text changed, and when to look again.

    Raises: as `edit`; Invalid for a day that is not to come.
    """
    place, chain = locked(session, actor, id)
    if next_check is not None and next_check <= clock.today(library.zone):
        raise Invalid(N_("Choose a day that is still to come."), field="next_check")
    regulation = place.regulation
    regulation.checked_by, regulation.checked_at = actor.id, clock.now()
    regulation.next_check = near(next_check, "next_check")
    session.flush()
    _record(session, chain, actor, "check_regulation", regulation)
    return regulation


def drop(session: Session, actor: Actor, id: str) -> Space:
    """Take a text out of the register, its clauses with it, and return its space. Raises: as `edit`."""
    place, chain = locked(session, actor, id)
    place.regulation.dropped_by, place.regulation.dropped_at = actor.id, clock.now()
    session.flush()
    _record(session, chain, actor, "drop_regulation", place.regulation)
    return place.space


def begun(space: Space, person: str | None) -> Regulation:
    """Return the row of a new text, without its facts. `person` None is the command line."""
    return Regulation(id=new_id(), space_id=space.id, added_by=person, added_at=clock.now(), revision=0)


def write(regulation: Regulation, facts: TextFacts) -> bool:
    """Write a text's facts into its row, back in the register if it was out of it, and say whether that changed anything."""
    wanted = asdict(facts) | {"dropped_by": None, "dropped_at": None}
    changed = {name: value for name, value in wanted.items() if getattr(regulation, name) != value}
    for name, value in changed.items():
        setattr(regulation, name, value)
    regulation.revision += bool(changed)
    return bool(changed)


def locked(session: Session, actor: Actor, id: str) -> tuple[Place, Chain]:
    """Return a text that the actor may change, read again under its space's lock. Raises: NotFound, Denied, Unauthenticated."""
    space = readable(session, actor, id).space
    require(actor, Permission.KEEP_REGISTER, space)
    chain = journal.lock(session, space.id)
    place = readable(session, actor, id)
    session.refresh(place.regulation)
    return place, chain


def check_unmoved(present: int, seen: int) -> None:
    """Go on only if the actor saw the present words. Raises: Conflict."""
    if present != seen:
        raise Conflict(N_("Somebody changed this meanwhile. Look at it again."), field="revision", present={"revision": present})


def by_title(session: Session, space: Space, title: str) -> Regulation | None:
    """Return the text of a register that has this title, whatever its case and accents, also one that was taken out."""
    return next((one for one in every(session, space) if label_of(one.title, ()) == label_of(title, ())), None)


def every(session: Session, space: Space) -> list[Regulation]:
    """Return every text that a register ever held, also those that were taken out."""
    return list(session.scalars(select(Regulation).where(Regulation.space_id == space.id)))


def _record(session: Session, chain: Chain, actor: Actor, act: str, regulation: Regulation) -> None:
    said = [regulation.title, regulation.short, regulation.source, str(regulation.dated), str(regulation.next_check)]
    journal.add(session, chain, actor=actor.id, act=act, object=f"regulation:{regulation.id}", content="\n".join(said))
