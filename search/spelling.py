"""A better spelling for a word that nobody wrote, from words that the asker could have read themselves."""

from collections.abc import Callable, Sequence

from search.words import Word, says_nothing

_SHORTEST = 4
_TRIED = 40


def better(snapshot, text: str, unknown: Sequence[Word], visible: Callable[[str], int]) -> str | None:
    """Return the question with its unknown words spelt as words that stand in documents the query may see, or None."""
    changed = text
    for word in sorted(unknown, key=lambda one: one.start, reverse=True):
        near = _nearest(snapshot, word.folded, visible) if len(word.folded) >= _SHORTEST and not says_nothing(word.folded) else None
        if near is not None:
            changed = changed[: word.start] + near + changed[word.end :]
    return changed if changed != text else None


def _nearest(snapshot, word: str, visible: Callable[[str], int]) -> str | None:
    furthest = 1 if len(word) < 6 else 2
    for distance in range(1, furthest + 1):
        found = set()
        for leaf in snapshot.leaves:
            for term in leaf.reader.terms_within("plain", word, distance, prefix=1):
                found.add(term.decode() if isinstance(term, bytes) else term)
                if len(found) >= _TRIED:
                    break
        counted = {term: visible(term) for term in found if term != word}
        best = max(counted, key=lambda term: (counted[term], term), default=None)
        if best is not None and counted[best]:
            return best
    return None
