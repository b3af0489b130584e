"""Spaces: making them, and finding those that somebody may read or administer."""

import re
from collections.abc import Iterator
from string import ascii_uppercase

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import LANGUAGES, VISIBILITIES, Space
from accounts.policy import may_administer, readable_spaces, require_administrator, require_manager
from core import clock, journal
from core.errors import Conflict, Denied, Invalid, N_, NotFound, Unauthenticated
from core.text import block, line

MOST_APPROVALS = 5
MOST_WORDS = 100_000
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PREFIX = re.compile(r"[A-Z]{2,6}")


def add(
    session: Session, by: Actor | None, *, slug: str, name: str, description: str = "", visibility: str = "internal",
    approvals: int = 1, language: str = "en", prefix: str | None = None, words_budget: int | None = None,
) -> Space:
    """Add a space. `by` is the administrator who does it, None for the command line.

    Raises: Denied; Invalid for a value that cannot be taken; Conflict if the slug or the prefix is taken.
    """
    require_administrator(by)
    _check(slug, visibility, approvals, language)
    check_budget(words_budget)
    name = line(name, field="name", limit=120)
    description = block(description, field="description", limit=2000, required=False)
    journal.lock(session, journal.SITE)      # two spaces added at once must not take one prefix
    if session.scalar(select(Space.id).where(Space.slug == slug)) is not None:
        raise Conflict(N_("There is already a space %(slug)s."), field="slug", slug=slug)
    space = Space(
        slug=slug, name=name, description=description, visibility=visibility, approvals_required=approvals,
        language=language, prefix=free_prefix(session, slug, prefix), created_at=clock.now(), words_budget=words_budget,
    )
    session.add(space)
    session.flush()
    settings = f"{slug} {visibility} {approvals} {language} {space.prefix} {words_budget}"
    journal.add(session, journal.lock(session, space.id), actor=_id(by), act="add_space", object=f"space:{space.id}", content=settings)
    return space


def _check(slug: str, visibility: str, approvals: int, language: str) -> None:
    if not isinstance(slug, str) or len(slug) > 40 or not _SLUG.fullmatch(slug):
        raise Invalid(N_("A space's address is small letters, figures and single hyphens, at most 40."), field="slug")
    if visibility not in VISIBILITIES:
        raise Invalid(N_("A space is public, internal or restricted."), field="visibility")
    if not 0 <= approvals <= MOST_APPROVALS:
        raise Invalid(N_("Between 0 and %(most)s approvals can be required."), field="approvals", most=MOST_APPROVALS)
    checked_language(language)


def checked_language(language: object) -> str:
    """Return a language that a space can have. Raises: Invalid."""
    if language not in LANGUAGES:
        raise Invalid(N_("Choose English or French."), field="language")
    return language


def free_prefix(session: Session, slug: str, asked: str | None) -> str:
    """Return the prefix asked for, or one made from the slug, that no other space has. The caller holds the site's lock.

    Raises: Invalid; Conflict if it is taken.
    """
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


def set_budget(session: Session, by: Actor | None, space: Space, words: int | None) -> bool:
    """Say how many words a procedure of the space has at most, None for no budget; return whether that is new.

    `by` is the administrator who does it, None for the command line. Raises: Denied; Invalid for a number out of reach.
    """
    require_manager(by, space)
    check_budget(words)
    chain = journal.lock(session, space.id)
    session.refresh(space)
    if space.words_budget == words:
        return False
    space.words_budget = words
    journal.add(session, chain, actor=_id(by), act="set_budget", object=f"space:{space.id}", content=str(words))
    return True


def check_budget(words: int | None) -> None:
    """Go on only with a budget that a space can have. Raises: Invalid."""
    if words is not None and not 1 <= words <= MOST_WORDS:
        raise Invalid(N_("A budget is between 1 and %(most)s words."), field="words_budget", most=MOST_WORDS)


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


def administered(session: Session, actor: Actor, slug: str) -> Space:
    """Return a space whose settings the actor may change; being an administrator does not let them read it.

    Raises: NotFound for somebody who neither administers nor reads; Denied for a reader; Unauthenticated for nobody.
    """
    if may_administer(actor):
        space = session.scalar(select(Space).where(Space.slug == slug))
        if space is None:
            raise NotFound()
        return space
    by_slug(session, actor, slug)
    raise Denied(N_("Only administrators can do this.")) if actor.is_somebody else Unauthenticated(N_("Sign in to do this."))


def listed(session: Session, actor: Actor, *, page: int = 1, page_size: int = 50) -> tuple[list[Space], int]:
    """Return one page of the spaces that the actor may read, by name, and how many there are."""
    total = session.scalar(select(func.count()).select_from(Space).where(readable_spaces(actor)))
    rows = select(Space).where(readable_spaces(actor)).order_by(Space.name, Space.slug)
    return list(session.scalars(rows.limit(page_size).offset((page - 1) * page_size))), total


def every(session: Session, by: Actor, *, page: int = 1, page_size: int = 50) -> tuple[list[Space], int]:
    """Return one page of all the spaces there are, for an administrator, by name, and how many there are. Raises: Denied."""
    require_administrator(by)
    total = session.scalar(select(func.count()).select_from(Space))
    rows = select(Space).order_by(Space.archived_at.is_not(None), Space.name, Space.slug)
    return list(session.scalars(rows.limit(page_size).offset((page - 1) * page_size))), total


def _id(by: Actor | None) -> str | None:
    return by.id if by else None
