"""A change as rows: its texts, its writers, its saves and its approvals. No rule about who may do what is here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from accounts.models import Person, Space
from core import clock, journal
from core.journal import Chain
from wiki import digest as digests
from wiki.drafts import DraftText
from wiki.models import Approval, Change, ChangeText, Procedure, Save, Version
from wiki.procedures import Stood, stood, text_of
from wiki.repository import Library


@dataclass(frozen=True)
class UnderWay:
    """The texts of a change, and how the procedures they are about stand now, by code."""

    texts: Sequence[ChangeText]
    found: Mapping[str, Stood]


# Built once: they run at every act on a change.
_MADE = (
    select(Procedure.code, Version.number)
    .join(Procedure, Procedure.id == Version.procedure_id)
    .where(Version.commit == bindparam("commit"))
)
_TEXTS = select(ChangeText).where(ChangeText.change_id == bindparam("change")).order_by(ChangeText.position)


def texts_of(session: Session, change: Change) -> list[ChangeText]:
    """Return the change's texts in order."""
    return list(session.scalars(_TEXTS, {"change": change.id}))


def under_way(session: Session, library: Library, change: Change) -> UnderWay:
    """Return the texts of a change beside what they would change."""
    texts = texts_of(session, change)
    return UnderWay(texts, stood(session, library, [text.code for text in texts], briefly=True))


def writers_of(session: Session, change: Change) -> list[Person]:
    """Return everybody who saved any text of the change, the first first."""
    rows = session.scalars(select(Person).join(Save, Save.person_id == Person.id).where(Save.change_id == change.id).order_by(Save.id))
    return list(dict.fromkeys(rows))


def keep(session: Session, space: Space, change: Change, texts: Sequence[DraftText | ChangeText], *, person: str | None) -> Save:
    """Replace the change's texts, set its digest, and keep and return this save with its author."""
    rows = [
        ChangeText(
            change_id=change.id, position=position, action=given.action, code=given.code, path=given.path,
            markdown=given.markdown, base=given.base, attachments=given.attachments,
        )
        for position, given in enumerate(texts)
    ]
    session.execute(delete(ChangeText).where(ChangeText.change_id == change.id))
    session.add_all(rows)
    covered = digests.content(
        space.slug, kind=change.kind, reason=change.reason, in_force_from=change.in_force_from,
        replaces_scheduled=change.replaces_scheduled, texts=rows, for_you=change.for_you,
    )
    change.digest = digests.digest(covered)
    saved = Save(change_id=change.id, person_id=person, at=clock.now(), digest=change.digest, content=covered)
    session.add(saved)
    session.flush()
    return saved


def taken(session: Session, space: Space, chain: Chain, change: Change, *, person: str) -> None:
    """Record that somebody took a proposal over: from now on they are one of its writers. The caller holds the lock."""
    saved = keep(session, space, change, texts_of(session, change), person=person)
    change.taken_over_by, change.taken_over_at = person, saved.at
    journal.add(session, chain, actor=person, act="take_over", object=f"change:{change.id}", content=change.digest)


def starts(library: Library, space: Space, texts: Sequence[ChangeText], found: Mapping[str, Stood]) -> dict[str, str]:
    """Return, per code, the text that each part of a change starts from ('' for a new procedure)."""
    started = {}
    for given in texts:
        versions = found[given.code].standing.versions if given.code in found else ()
        base = next((v for v in versions if v.number == given.base), None)
        stands = base and not (given.action == "restore" and base.cancelled_by)
        started[given.code] = (text_of(library, space, base) or "") if stands else ""
    return started


def fell(session: Session, change: Change, because: str, name: str) -> int:
    """Let every approval of the change fall, saying why in a sentence for `name`; return how many fell."""
    standing = list(session.scalars(select(Approval).where(Approval.change_id == change.id, Approval.fell_at.is_(None))))
    for approval in standing:
        approval.fell_at, approval.fell_because, approval.fell_by = clock.now(), because, name
    session.flush()
    return len(standing)


def fallen(session: Session, change: Change) -> list[tuple[Approval, Person]]:
    """Return the approvals of a change that fell, with those who had given them, the last to fall first."""
    rows = session.execute(
        select(Approval, Person)
        .join(Person, Person.id == Approval.person_id)
        .where(Approval.change_id == change.id, Approval.fell_at.is_not(None))
        .order_by(Approval.fell_at.desc(), Approval.id.desc())
    )
    return [tuple(row) for row in rows]


def after_of(text: ChangeText, before: str) -> str:
    """Return the text that would stand once the change is published: none when retired, the same when only cancelled."""
    if text.action == "cancel":
        return before
    return text.markdown or ""


def published_numbers(session: Session, change: Change) -> dict[str, int]:
    """Return, per code, the number of the version that a published change made."""
    if change.commit is None:
        return {}
    return dict(session.execute(_MADE, {"commit": change.commit}).all())
