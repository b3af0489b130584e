"""The procedure that words seem to be about, as the search answers it."""

from sqlalchemy.orm import Session

from accounts.models import Space
from core import clock
from core.errors import Problem
from core.web import Site
from desk.inbox import Propose, Proposed
from search.asking import LONGEST
from search.engine import Query
from search.index import Index


def proposer(session: Session, site: Site, index: Index) -> Propose:
    """Return what proposes a procedure of a space for some words; nothing while the index is being made."""
    day = clock.today(site.library.zone)

    def propose(space: Space, words: str) -> Proposed | None:
        asked = Query(words[:LONGEST], frozenset([space.id]), day, kinds=frozenset(["procedure"]), page_size=1)
        try:
            hits = index.engine.search(asked).hits
        except Problem:
            return None
        return Proposed(hits[0].code, hits[0].title) if hits else None

    return propose
