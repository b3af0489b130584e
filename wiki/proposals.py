"""A change as rows: its texts, its writers, its saves and its approvals. No rule about who may do what is here."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accounts.models import Person, Space
from core import clock
from wiki import digest as digests
from wiki.drafts import DraftText
from wiki.models import Approval, Change, ChangeText, Procedure, Save, Version
from wiki.procedures import standing_of, text_of
from wiki.repository import Library


def texts_of(session: Session, change: Change) -> list[ChangeText]:
    """Return the change's texts in order."""
    return list(
        session.scalars(select(ChangeText).where(ChangeText.change_id == change.id).order_by(ChangeText.position))
    )


def writers_of(session: Session, change: Change) -> list[Person]:
    """Return everybody who saved any text of the change, the first first."""
    rows = session.scalars(select(Person).join(Save, Save.person_id == Person.id).where(Save.change_id == change.id).order_by(Save.id))
    return list(dict.fromkeys(rows))


def keep(session: Session, space: Space, change: Change, texts: Sequence[DraftText | ChangeText], *, person: str | None) -> None:
    """Replace the change's texts, set its digest, and keep this save with its author."""
    rows = [
        ChangeText(
            change_id=change.id, position=position, action=given.action, code=given.code, path=given.path,
            markdown=given.markdown, base=given.base,
        )
        for position, given in enumerate(texts)
    ]
    session.execute(delete(ChangeText).where(ChangeText.change_id == change.id))
    session.add_all(rows)
    covered = digests.content(
        space.slug, kind=change.kind, reason=change.reason, in_force_from=change.in_force_from,
        replaces_scheduled=change.replaces_scheduled, texts=rows,
    )
    change.digest = digests.digest(covered)
    session.add(Save(change_id=change.id, person_id=person, at=clock.now(), digest=change.digest, content=covered))
    session.flush()


def presents(session: Session, library: Library, space: Space, texts: Sequence[ChangeText]) -> dict[str, str]:
    """Return, per code, the text that each part of a change starts from ('' for a new procedure)."""
    found = {}
    for given in texts:
        procedure = session.scalar(select(Procedure).where(Procedure.code == given.code))
        base = None
        if procedure is not None:
            versions = standing_of(session, procedure, library).versions
            base = next((v for v in versions if v.number == given.base), None)
        found[given.code] = (text_of(library, space, base) or "") if base else ""
    return found


def fell(session: Session, change: Change, because: str, name: str) -> int:
    """Let every approval of the change fall, saying why; return how many fell."""
    standing = list(session.scalars(select(Approval).where(Approval.change_id == change.id, Approval.fell_at.is_(None))))
    for approval in standing:
        approval.fell_at, approval.fell_because = clock.now(), because % {"name": name}
    session.flush()
    return len(standing)


def after_of(text: ChangeText, before: str) -> str:
    """Return the text that would stand once the change is published: none when retired, the same when only cancelled."""
    if text.action == "cancel":
        return before
    return text.markdown or ""


def published_number(session: Session, change: Change, code: str) -> int | None:
    """Return the number of the version that a published change made of a procedure."""
    if change.commit is None:
        return None
    return session.scalar(
        select(Version.number)
        .join(Procedure, Procedure.id == Version.procedure_id)
        .where(Version.commit == change.commit, Procedure.code == code)
    )
