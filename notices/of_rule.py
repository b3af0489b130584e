"""What an act about a change or a version tells, and to whom: writers, approvers, whoever follows the procedure."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import by_id
from accounts.models import Person, Space
from core import clock
from core.database import add_missing
from core.journal import Act
from notices.following import Target, begin
from notices.models import Coming
from notices.recipients import followers_of, readers, with_role
from notices.told import Told, cause_of, first_of
from wiki.approving import verdict
from wiki.models import Approval, Change, Procedure, Version
from wiki.proposals import writers_of
from wiki.repository import Library

ACTS = ("submit", "save_change", "decline", "publish", "propose", "take_over")


def take_part(session: Session, act: Act) -> None:
    """Let whoever wrote a version follow its procedure, unless they ever said otherwise, and wait for its day."""
    for version, procedure in _versions(session, act):
        writers = [one["person"] for one in version.written_by if one.get("person")]
        begin(session, _known(session, writers), "procedure", procedure.code, why="part", at=act.at)
        add_missing(
            session, Coming,
            [{"procedure_id": procedure.id, "version": version.number, "day": version.in_force_from, "told_at": None}],
        )


def told_by(session: Session, library: Library, act: Act) -> Iterator[Told]:
    """Yield what an act about the rule tells."""
    if act.act == "publish":
        yield from _published(session, library, act)
        return
    change, space = _change(session, act.object.removeprefix("change:"))
    match act.act:
        case "submit" if change.state == "in_review":
            yield _told(act, space, dict.fromkeys(_may_decide(session, space, change), "to_decide"), change)
        case "decline":
            yield _told(act, space, first_of(("declined", _writers(session, space, change)), leave_out={act.actor}), change)
        case "propose":
            yield _told(act, space, first_of(("proposed", with_role(session, space, "author")), leave_out={act.actor}), change)
        case "take_over" if change.opened_by:
            yield _told(act, space, first_of(("taken_over", readers(session, space, [change.opened_by])), leave_out={act.actor}), change)
        case "save_change":
            yield from _fallen(session, act, space, change)


def _published(session: Session, library: Library, act: Act) -> Iterator[Told]:
    made = _versions(session, act)
    change_id = next((version.change_id for version, _ in made if version.change_id), None)
    space = session.get(Space, act.chain)
    if change_id and (change := session.get(Change, change_id)):
        people = first_of(("published", _writers(session, space, change)), leave_out={act.actor})
        yield _told(act, space, people, change, version=made[0][0].number, procedure_id=made[0][1].id)
    for version, procedure in made:
        if version.in_force_from > clock.today(library.zone):
            yield _of_version(session, act, space, procedure, version, "scheduled", library)
    for version, procedure in _cancelled(session, act, {procedure.id for _, procedure in made}):
        yield _of_version(session, act, space, procedure, version, "cancelled", library)


def _of_version(session: Session, act: Act, space: Space, procedure: Procedure, version: Version, kind: str, library: Library) -> Told:
    follow, _ = followers_of(session, Target("procedure", procedure.code, space, procedure.code))
    people = first_of((kind, follow), leave_out={act.actor, *(one.get("person") for one in version.written_by)})
    day = version.in_force_from.isoformat()
    word = f"retired {day}" if kind == "scheduled" and version.blob is None else day
    about = {"procedure_id": procedure.id, "version": version.number, "word": word}
    return Told(cause_of(act, procedure.id), act.at, space.id, people, act.actor, about)


def _versions(session: Session, act: Act) -> list[tuple[Version, Procedure]]:
    """Return the versions that a publication made; the past that an import brought is not news."""
    if act.act != "publish":
        return []
    rows = select(Version, Procedure).join(Procedure, Procedure.id == Version.procedure_id)
    made = rows.where(Version.commit == act.object.removeprefix("commit:"), Version.imported.is_(False)).order_by(Version.id)
    return [tuple(row) for row in session.execute(made)]


def _cancelled(session: Session, act: Act, replaced: set[int]) -> list[tuple[Version, Procedure]]:
    rows = select(Version, Procedure).join(Procedure, Procedure.id == Version.procedure_id)
    found = session.execute(rows.where(Version.cancelled_by == act.object.removeprefix("commit:")))
    return [tuple(row) for row in found if row.Procedure.id not in replaced]


def _fallen(session: Session, act: Act, space: Space, change: Change) -> Iterator[Told]:
    fell = session.scalars(
        select(Approval).where(Approval.change_id == change.id, Approval.fell_at <= act.at)
    )
    concerned, approvers = _writers(session, space, change), with_role(session, space, "approver")
    for approval in fell:
        people = first_of(("fell", concerned | {approval.person_id} & approvers), leave_out={act.actor})
        about = {"change_id": change.id, "subject_id": approval.person_id}
        yield Told(f"fell:{approval.id}", act.at, space.id, people, act.actor, about)


def _may_decide(session: Session, space: Space, change: Change) -> set[str]:
    approvers = with_role(session, space, "approver")
    return {id for id in approvers if verdict(session, by_id(session, id), space, change).allowed}


def _writers(session: Session, space: Space, change: Change) -> set[str]:
    return readers(session, space, {change.opened_by, *(person.id for person in writers_of(session, change))})


def _known(session: Session, people: list[str]) -> list[str]:
    return list(session.scalars(select(Person.id).where(Person.id.in_(people))))


def _told(act: Act, space: Space, people: dict[str, str], change: Change, **about) -> Told:
    return Told(cause_of(act), act.at, space.id, people, act.actor, {"change_id": change.id} | about)


def _change(session: Session, id: str) -> tuple[Change, Space]:
    return session.execute(select(Change, Space).join(Space, Space.id == Change.space_id).where(Change.id == id)).one()
