"""The search engine, with the time that each search takes counted."""

import time

from running.tally import Tally
from search.engine import Engine, Found, Query


class Timed:
    """An engine like the one inside, which tells how long it searches."""

    def __init__(self, engine: Engine, tally: Tally):
        self._engine = engine
        self._tally = tally

    def __getattr__(self, name: str):
        return getattr(self._engine, name)

    def search(self, query: Query) -> Found:
        """Return what the query finds. Raises: what the engine inside raises."""
        begun = time.perf_counter()
        try:
            return self._engine.search(query)
        finally:
            self._tally.observe("procedures_search_seconds", "Time inside the search engine.", time.perf_counter() - begun)
