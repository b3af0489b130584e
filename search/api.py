"""Search in the JSON API."""

from typing import Literal

from pydantic import BaseModel, Field

from accounts.web import reading
from core import clock
from core.api import Day, Endpoint, PageQuery, page_of
from core.web import site
from search.asking import LONGEST, Wanted, ask
from search.engine import Hit
from search.index import Index


class SearchQuery(PageQuery):
    """What to look for, and where."""

    q: str = Field("", max_length=LONGEST)
    kind: Literal["procedure", "question", "tip", "gap", "announcement", "answer"] | None = None
    space: str | None = Field(None, max_length=40)
    language: Literal["en", "fr"] | None = None
    author: str | None = Field(None, max_length=16)
    after: Day | None = None
    before: Day | None = None


class HitAnswer(BaseModel):
    """One thing found; `snippet` is escaped HTML with the words in <mark>."""

    kind: str
    title: str
    snippet: str
    url: str
    space: str
    code: str | None
    thread: str | None
    state: str
    score: float


class SearchAnswer(BaseModel):
    """A page of things found, best first, with a better spelling if there seems to be one."""

    items: list[HitAnswer]
    total: int
    page: int
    page_size: int
    suggestion: str | None


def endpoints(index: Index) -> list[Endpoint]:
    """Return search's part of the API."""

    def search(query: SearchQuery) -> dict:
        """Search both halves."""
        session, actor = reading()
        wanted = Wanted(
            query.q, query.kind, query.space, query.language, query.author, query.after, query.before, query.page, query.page_size
        )
        results = ask(session, actor, index, site().loop, wanted, clock.today(site().library.zone))
        return page_of([_shape(one) for one in results.shown], results.total, query) | {"suggestion": results.found.suggestion}

    return [Endpoint("GET", "/search", search, query=SearchQuery, answer=SearchAnswer)]


def _shape(shown) -> dict:
    hit: Hit = shown.hit
    return {
        "kind": hit.kind,
        "title": shown.title,
        "snippet": hit.snippet,
        "url": shown.url,
        "space": shown.space.slug,
        "code": shown.code or None,
        "thread": hit.thread or None,
        "state": shown.state,
        "score": hit.score,
    }
