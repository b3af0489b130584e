"""Spaces, and who is let into which with which role."""

import re
from collections.abc import Iterator
from string import ascii_uppercase

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import LANGUAGES, ROLES, VISIBILITIES, Grant, Person, Space
from accounts.people import require_administrator
from accounts.policy import Actor, readable_spaces
from core import clock, journal
from core.errors import Conflict, Denied, Invalid, N_, NotFound
from core.text import block, line

MOST_APPROVALS = 5
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PREFIX = re.compile(r"[A-Z]{2,6}")


def add(
    session: Session, by: Actor | None, *, slug: str, name: str, description: str = "", visibility: str = "internal",
    approvals: int = 1, language: str = "en", prefix: str | None = None,
) -> Space:
    """Add a space. `by` is the administrator who does it, None for the command line.

    Raises: Denied; Invalid for a value that cannot be taken; Conflict if the slug or the prefix is taken.
    """
    require_administrator(by)
    _check(slug, visibility, approvals, language)
    name = line(name, field="name", limit=120)
    description = block(description, field="description", limit=2000, required=False)
    journal.lock(session, journal.SITE)      # two spaces added at once must not take one prefix
    if session.scalar(select(Space.id).where(Space.slug == slug)) is not None:
        raise Conflict(N_("There is already a space %(slug)s."), field="slug", slug=slug)
    space = Space(
        slug=slug, name=name, description=description, visibility=visibility, approvals_required=approvals,
        language=language, prefix=_prefix(session, slug, prefix), created_at=clock.now(),
    )
    session.add(space)
    session.flush()
    settings = f"{slug} {visibility} {approvals} {language} {space.prefix}"
    journal.add(session, journal.lock(session, space.id), actor=_id(by), act="add_space", object=f"space:{space.id}", content=settings)
    return space


def _check(slug: str, visibility: str, approvals: int, language: str) -> None:
    if not isinstance(slug, str) or len(slug) > 40 or not _SLUG.fullmatch(slug):
        raise Invalid(N_("A space's address is small letters, figures and single hyphens, at most 40."), field="slug")
    if visibility not in VISIBILITIES:
        raise Invalid(N_("A space is public, internal or restricted."), field="visibility")
    if not 0 <= approvals <= MOST_APPROVALS:
        raise Invalid(N_("Between 0 and %(most)s approvals can be required."), field="approvals", most=MOST_APPROVALS)
    if language not in LANGUAGES:
        raise Invalid(N_("Choose English or French."), field="language")


def _prefix(session: Session, slug: str, asked: str | None) -> str:
    taken = set(session.scalars(select(Space.prefix)))
    if asked is None:
        free = next((prefix for prefix in _candidates(slug) if prefix not in taken), None)
        if free is None:
            raise Invalid(N_("Give the prefix of its codes: two to six capital letters."), field="prefix")
        return free
    if not _PREFIX.fullmatch(asked):
        raise Invalid(N_("A prefix is two to six capital letters."), field="prefix")
    if asked in taken:
        raise Conflict(N_("Another space has the prefix %(prefix)s."), field="prefix", prefix=asked)
    return asked


def _candidates(slug: str) -> Iterator[str]:
    """The first two to six letters of the slug, as many as there are; where taken, fewer, then other endings."""
    letters = "".join(c for c in slug.upper() if c in ascii_uppercase)[:6]
    yield from (letters[:length] for length in range(len(letters), 1, -1))
    if len(letters) >= 2:
        yield from (letters[:5] + ending for ending in ascii_uppercase)
        yield from (letters[:4] + one + two for one in ascii_uppercase for two in ascii_uppercase)


def by_slug(session: Session, actor: Actor, slug: str) -> Space:
    """Return a space that the actor may read. Raises: NotFound."""
    # A slug that cannot be one is still looked for, so that it takes as long to be not found.
    asked = slug if _SLUG.fullmatch(slug) else "-"
    space = session.scalar(select(Space).where(Space.slug == asked, readable_spaces(actor)))
    if space is None:
        raise NotFound()
    return space


def named(session: Session, slug: str) -> Space:
    """Return a space by its slug, for the command line. Raises: Invalid if there is none."""
    space = session.scalar(select(Space).where(Space.slug == slug))
    if space is None:
        raise Invalid(N_("There is no space %(slug)s."), field="slug", slug=slug)
    return space


def listed(session: Session, actor: Actor, *, page: int = 1, page_size: int = 50) -> tuple[list[Space], int]:
    """Return one page of the spaces that the actor may read, by name, and how many there are."""
    total = session.scalar(select(func.count()).select_from(Space).where(readable_spaces(actor)))
    rows = select(Space).where(readable_spaces(actor)).order_by(Space.name, Space.slug)
    return list(session.scalars(rows.limit(page_size).offset((page - 1) * page_size))), total


def grant(session: Session, by: Actor | None, space: Space, person: Person, role: str) -> bool:
    """Give a person a role in a space and say whether it is new; repeating one succeeds.

    `by` is the administrator who does it, None for the command line.
    Raises: Denied; Invalid for a role that this person cannot have there; Conflict where auditing excludes it.
    """
    _require_other(by, person)
    if role not in ROLES:
        raise Invalid(N_("A role is member, author, approver, animator or auditor."), field="role")
    chain = journal.lock(session, space.id)
    held = _held(session, space, person)
    if role in held:
        return False
    _check_role(space, person, role, set(held))
    session.add(Grant(space_id=space.id, person_id=person.id, role=role, granted_at=clock.now(), granted_by=_id(by)))
    journal.add(session, chain, actor=_id(by), act="grant", object=f"person:{person.id}", content=role)
    return True


def _check_role(space: Space, person: Person, role: str, held: set[str]) -> None:
    if person.disabled_at is not None:
        raise Invalid(N_("%(name)s was disabled."), field="person", name=person.name)
    if person.guest_since is not None:
        if space.visibility == "internal":
            raise Invalid(N_("A guest cannot be let into an internal space."), field="person")
        if role not in ("member", "auditor"):
            raise Invalid(N_("A guest can only be a member or an auditor."), field="role")
    if role == "auditor" and held:
        raise Conflict(N_("An auditor of a space has no other role in it. Revoke the others first."), field="role")
    if "auditor" in held:
        raise Conflict(N_("%(name)s audits this space and so has no other role in it."), field="role", name=person.name)


def revoke(session: Session, by: Actor | None, space: Space, person: Person, role: str) -> bool:
    """Take a role from a person and say whether they had it; repeating it succeeds.

    Raises: Denied; Invalid for a word that is no role.
    """
    _require_other(by, person)
    if role not in ROLES:
        raise Invalid(N_("A role is member, author, approver, animator or auditor."), field="role")
    chain = journal.lock(session, space.id)
    found = _held(session, space, person).get(role)
    if found is None:
        return False
    session.delete(found)
    journal.add(session, chain, actor=_id(by), act="revoke", object=f"person:{person.id}", content=role)
    return True


def _require_other(by: Actor | None, person: Person) -> None:
    require_administrator(by)
    if by is not None and by.id == person.id:
        raise Denied(N_("Another administrator must change your own roles."))


def _held(session: Session, space: Space, person: Person) -> dict[str, Grant]:
    rows = session.scalars(select(Grant).where(Grant.space_id == space.id, Grant.person_id == person.id))
    return {row.role: row for row in rows}


def _id(by: Actor | None) -> str | None:
    return by.id if by else None
