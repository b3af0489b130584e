"""A search as somebody asked for it, held to what they may see."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import LANGUAGES, Space
from accounts.policy import readable_spaces
from core import followers
from core.errors import Invalid, N_, TooLong
from core.loop import Loop
from search.engine import KINDS, Found, Query
from search.index import NAME, Index

LONGEST = 400


@dataclass(frozen=True)
class Wanted:
    """What was asked for, as typed in the address."""

    text: str
    kind: str | None = None
    space: str | None = None        # a slug
    language: str | None = None
    author: str | None = None
    after: date | None = None
    before: date | None = None
    page: int = 1
    page_size: int = 20


@dataclass(frozen=True)
class Results:
    """What was found, ready to be shown; `per_space` and `per_kind` count what the other choices would show."""

    wanted: Wanted
    found: Found
    shown: list
    spaces: list[Space]

    @property
    def total(self) -> int:
        """How many things were found in all."""
        return self.found.total


def ask(session: Session, actor: Actor, index: Index, loop: Loop, wanted: Wanted, day: date) -> Results:
    """Search what the actor may read, after waiting at most a second for what was written there before they asked.

    Raises: Invalid for a choice that is none; Unavailable while there is no index.
    """
    if wanted.kind and wanted.kind not in KINDS:
        raise Invalid(N_("There is no such kind."), field="kind")
    if wanted.language and wanted.language not in LANGUAGES:
        raise Invalid(N_("Choose English or French."), field="language")
    if len(wanted.text) > LONGEST:
        raise TooLong(field="q", limit=LONGEST, length=len(wanted.text))
    spaces = list(session.scalars(select(Space).where(readable_spaces(actor)).order_by(Space.name)))
    chosen = frozenset(space.id for space in spaces if wanted.space in (None, space.slug))
    if not wanted.text.strip() or not chosen:
        return Results(wanted, Found([], 0), [], spaces)
    loop.settle(followers.behind(session, NAME, chosen))
    found = index.engine.search(
        Query(
            text=wanted.text, spaces=chosen, day=day, kinds=frozenset(filter(None, [wanted.kind])), language=wanted.language,
            author=wanted.author, after=wanted.after, before=wanted.before, page=wanted.page, page_size=wanted.page_size,
        )
    )
    return Results(wanted, found, index.present(session, {space.id: space for space in spaces}, found.hits, day), spaces)
