"""What one set of rights sees of a snapshot, as arrays: every count and every weight is taken over it alone."""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from search import ranking
from search.engine import Query
from search.tiers import TOMBSTONE, Leaf

_KEPT = 64


@dataclass(frozen=True)
class View:
    """Per segment what the length of each document counts, 0 for one not to be seen; how many are; and, filled as it is
    asked, how many of those hold a term."""

    norms: tuple[np.ndarray, ...]
    documents: int
    holding: dict[tuple[str, str], int]


class Views:
    """Views by what they depend on, least recently used out first."""

    def __init__(self):
        self._kept: OrderedDict[tuple, View] = OrderedDict()

    def of(self, snapshot, query: Query) -> View:
        """Return what a query may see of a snapshot."""
        key = (snapshot.number, query.spaces, query.day, query.language)
        view = self._kept.get(key)
        if view is None:
            view = self._kept[key] = _made(snapshot, query)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return view


def _made(snapshot, query: Query) -> View:
    seen = [_seen(leaf, query, snapshot.last, number) for number, leaf in enumerate(snapshot.leaves)]
    documents = sum(int(flags.sum()) for flags in seen)
    words = sum(int(leaf.lengths[flags].sum()) for leaf, flags in zip(snapshot.leaves, seen, strict=True))
    mean = words / documents if words else 1.0
    norms = (np.where(flags, ranking.norm(leaf.lengths, mean), 0.0) for leaf, flags in zip(snapshot.leaves, seen, strict=True))
    return View(tuple(norms), documents, {})


def _seen(leaf: Leaf, query: Query, last: dict[str, int], number: int) -> np.ndarray:
    """Return, per document of a segment, whether it may be seen and is the last word about its owner."""
    day = query.day.isoformat()
    flags = np.array([_may_see(query, day, *one) for one in leaf.classes], dtype=bool)[leaf.class_of]
    for owner in min(last, leaf.places, key=len):       # whichever is shorter: one is of a crowd of small segments
        if owner in leaf.places and last.get(owner, number) != number:
            flags[leaf.places[owner]] = False
    return flags


def _may_see(query: Query, day: str, space: str, kind: str, language: str, start: str, end: str) -> bool:
    return (
        space in query.spaces and kind != TOMBSTONE and (not start or start <= day) and (not end or day < end)
        and query.language in (None, language)
    )
