"""What a space is after it was made: its name, policy, prefix, language and budget; archived, and opened again."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from accounts import spaces
from accounts.actors import Actor
from accounts.models import VISIBILITIES, Space
from accounts.permissions import Permission
from accounts.policy import may, require_manager
from core import clock, journal
from core.errors import Conflict, Denied, Invalid, N_
from core.text import block, line

MOST_RECOMMENDATIONS = 100


@dataclass(frozen=True)
class Facts:
    """The settings that a form or a call sends; None leaves one as it is."""

    name: str | None = None
    description: str | None = None
    visibility: str | None = None
    prefix: str | None = None
    language: str | None = None
    words_budget: int | None = None         # 0: no budget
    guests_meet: bool | None = None
    recommendations: int | None = None


def edit(session: Session, by: Actor | None, space: Space, facts: Facts) -> bool:
    """Change the settings of a space in one act, and say whether any is new. `by` None: the command line.

    Raises: Denied, also for opening the wall of a space that the actor may not read; Invalid; Conflict for a prefix that is
    taken, or that codes carry already.
    """
    require_manager(by, space)
    journal.lock(session, journal.SITE)      # two spaces must not take one prefix
    chain = journal.lock(session, space.id)
    session.refresh(space)
    wanted = _cleaned(session, by, space, facts)
    changed = {name: value for name, value in wanted.items() if getattr(space, name) != value}
    if not changed:
        return False
    for name, value in changed.items():
        setattr(space, name, value)
    act = "set_visibility" if "visibility" in changed else "set_space"
    journal.add(session, chain, actor=by.id if by else None, act=act, object=f"space:{space.id}", content=_told(changed))
    return True


def _cleaned(session: Session, by: Actor | None, space: Space, facts: Facts) -> dict[str, object]:
    wanted: dict[str, object] = {}
    if facts.name is not None:
        wanted["name"] = line(facts.name, field="name", limit=120)
    if facts.description is not None:
        wanted["description"] = block(facts.description, field="description", limit=2000, required=False).strip()
    if facts.visibility is not None:
        wanted["visibility"] = _visibility(by, space, facts.visibility)
    if facts.language is not None:
        wanted["language"] = spaces.checked_language(facts.language)
    if facts.prefix is not None and facts.prefix != space.prefix:
        wanted["prefix"] = _prefix(session, space, facts.prefix)
    if facts.words_budget is not None:
        spaces.check_budget(facts.words_budget or None)
        wanted["words_budget"] = facts.words_budget or None
    if facts.guests_meet is not None and facts.guests_meet != (space.guests_meet_since is not None):
        wanted["guests_meet_since"] = clock.now() if facts.guests_meet else None
    if facts.recommendations is not None:
        if not 0 <= facts.recommendations <= MOST_RECOMMENDATIONS:
            raise Invalid(N_("Between 0 and %(most)s recommendations."), field="recommendations", most=MOST_RECOMMENDATIONS)
        wanted["recommendations"] = facts.recommendations
    return wanted


def _visibility(by: Actor | None, space: Space, visibility: str) -> str:
    if visibility not in VISIBILITIES:
        raise Invalid(N_("A space is public, internal or restricted."), field="visibility")
    opens = VISIBILITIES.index(visibility) < VISIBILITIES.index(space.visibility)
    if opens and by is not None and not may(by, Permission.READ, space):
        raise Denied(N_("Only an administrator who was let into this space can open it to more readers."))
    return visibility


def _prefix(session: Session, space: Space, prefix: str) -> str:
    if space.last_number:
        raise Conflict(N_("Codes of this space carry its prefix already, so it stays."), field="prefix")
    return spaces.free_prefix(session, space.slug, prefix)


def _told(changed: Mapping[str, object]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in sorted(changed.items()))


def archive(session: Session, by: Actor | None, space: Space) -> bool:
    """Close a space to every writing verb, its texts still read, and say whether that is new. Raises: Denied."""
    require_manager(by, space)
    chain = journal.lock(session, space.id)
    session.refresh(space)
    if space.archived_at is not None:
        return False
    space.archived_at, space.archived_by = clock.now(), by.id if by else None
    journal.add(session, chain, actor=space.archived_by, act="archive_space", object=f"space:{space.id}")
    return True


def reopen(session: Session, by: Actor | None, space: Space) -> bool:
    """Let an archived space be written in again, and say whether it was archived. Raises: Denied."""
    require_manager(by, space)
    chain = journal.lock(session, space.id)
    session.refresh(space)
    if space.archived_at is None:
        return False
    space.archived_at = space.archived_by = None
    journal.add(session, chain, actor=by.id if by else None, act="reopen_space", object=f"space:{space.id}")
    return True
