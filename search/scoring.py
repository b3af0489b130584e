"""Finding: candidates by their rarest terms, BM25 over what the query may see, a second look at the best, a page of them.

Every count and every weight is taken over the documents that the query may see, so that nothing outside them can be
guessed from an order, a number or a score. Scores are an array per segment, 0 for what is not found.
"""

import heapq
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from threading import Lock

import numpy as np

from search import ranking
from search.engine import Found, Hit, Query
from search.query import Asked, read
from search.seen import View, Views
from search.snippets import Wanted, snippet
from search.spelling import better
from search.tiers import Leaf, Postings
from search.words import LANGUAGES, Word, spoken, terms, words

_BUDGET = 0.2           # once so many of the documents are candidates, commoner words only score them
_FEWEST = 500
_PHRASES_IN = 400
_EXPANSIONS = 30
_KEPT_TEXTS = 4000

Place = tuple[int, int]     # a document: number of its segment, number in it
Scores = list[np.ndarray]


class Scorer:
    """Finds and orders; keeps decoded postings and what each set of rights sees."""

    def __init__(self, postings: Postings):
        self._postings = postings
        self._lock = Lock()
        self._views = Views()
        self._texts: OrderedDict[tuple, tuple[str, str]] = OrderedDict()

    def found(self, snapshot, query: Query) -> Found:
        """Return a page of what a query finds in a snapshot."""
        with self._lock:
            return self._found(snapshot, query)

    def _found(self, snapshot, query: Query) -> Found:
        asked = read(query.text)
        view = self._views.of(snapshot, query)
        language = _language(snapshot.leaves, view, query, asked)
        scores, weights, wanted, unknown = self._scored(snapshot, view, asked, language)
        _narrow(snapshot.leaves, scores, query)
        per_kind = _per_kind(snapshot.leaves, scores)
        _narrow_to_kinds(snapshot.leaves, scores, query)
        start = (query.page - 1) * query.page_size
        ordered = self._ordered(snapshot, asked, scores, weights, start + query.page_size)
        page = ordered[start : start + query.page_size]
        marked = {each: Wanted(wanted, each) for each in LANGUAGES}
        return Found(
            hits=[_hit(snapshot, place, score, marked) for score, place in page],
            total=len(ordered) if asked.phrases else _many(scores),
            per_kind=per_kind,
            suggestion=better(snapshot, asked.text, unknown, self._counter(snapshot, view, language)),
        )

    def _scored(self, snapshot, view: View, asked: Asked, language: str | None) -> tuple[Scores, dict[str, float], set, list[Word]]:
        asked_words = _distinct(asked.text)
        found = []
        for word in asked_words:
            under = self._under(snapshot, view, word, is_last=word is asked_words[-1])
            holding = sum(self._holding(snapshot, view, field, term) for field, term in under)
            if under:
                found.append((holding, word, under))
        scores = [np.zeros(len(norms)) for norms in view.norms]
        weights, wanted = {}, set()
        for holding, word, under in sorted(found, key=lambda one: one[0]):
            weights[word.folded] = ranking.idf(view.documents, holding)
            wanted |= set(under)
            if holding:
                opens = _many(scores) < max(_FEWEST, _BUDGET * view.documents)
                self._add(snapshot, view, scores, under, weights[word.folded], opens=opens)
        _prefer(snapshot.leaves, scores, language)
        self._add_codes(snapshot, view, scores, asked.codes)
        return scores, weights, wanted, [word for holding, word, _ in found if not holding]

    def _under(self, snapshot, view: View, word: Word, *, is_last: bool) -> list[tuple[str, str]]:
        """Return (language, term) under which a word may stand; the last word may be only begun."""
        under = []
        for language in LANGUAGES:
            candidates = terms(word.lower, word.folded, language)
            held = [term for term in candidates if self._holding(snapshot, view, language, term)]
            under += [(language, term) for term in (held or candidates)[:2]]
        if is_last and under and len(word.folded) > 2 and not any(self._holding(snapshot, view, *one) for one in under):
            under += self._begun(snapshot, view, word.folded)
        return under

    def _begun(self, snapshot, view: View, start: str) -> list[tuple[str, str]]:
        found: dict[tuple[str, str], int] = {}
        for leaf in snapshot.leaves:
            for language in LANGUAGES:
                if language in leaf.reader.schema:
                    for term in leaf.reader.expand_prefix(language, start):
                        word = term.decode() if isinstance(term, bytes) else term
                        found[language, word] = self._holding(snapshot, view, language, word)
        best = heapq.nlargest(_EXPANSIONS, found, key=found.get)
        return [one for one in best if found[one]]

    def _holding(self, snapshot, view: View, field: str, term: str) -> int:
        key = (field, term)
        if key not in view.holding:
            view.holding[key] = self._visible(snapshot, view, field, term)
        return view.holding[key]

    def _visible(self, snapshot, view: View, field: str, term: str) -> int:
        return sum(
            int(np.count_nonzero(norms[self._postings.get(leaf, field, term)[0]])) for leaf, norms in zip(snapshot.leaves, view.norms, strict=True)
        )

    def _counter(self, snapshot, view: View, language: str | None) -> Callable[[str], int]:
        """Return what counts the documents that hold a word as it is spelt, where it stands in some of that language."""
        def counted(spelt: str) -> int:
            if language and not any(self._holding(snapshot, view, language, term) for term in terms(spelt, spelt, language)):
                return 0
            return self._visible(snapshot, view, "plain", spelt)

        return counted

    def _add(self, snapshot, view: View, scores: Scores, under, weight: float, *, opens: bool) -> None:
        """Add what a word gives to the documents that hold it, in whichever way it stands there gives most; where it does not
        open, only to those found already."""
        for leaf, norms, found in zip(snapshot.leaves, view.norms, scores, strict=True):
            best = np.zeros(len(found))
            for field, term in under:
                documents, frequencies = self._postings.get(leaf, field, term)
                if len(documents):
                    counts = frequencies / (frequencies + norms[documents]) * (norms[documents] > 0)
                    best[documents] = np.maximum(best[documents], weight * (ranking.K1 + 1) * counts)
            found += best if opens else best * (found > 0)

    def _add_codes(self, snapshot, view: View, scores: Scores, codes: Iterable[str]) -> None:
        for code in codes:
            for number, leaf in enumerate(snapshot.leaves):
                documents, _ = self._postings.get(leaf, "code", code)
                for document in documents[view.norms[number][documents] > 0]:
                    is_rule = leaf.classes[leaf.class_of[document]][1] == "procedure"
                    scores[number][document] += 1000.0 if is_rule else 50.0

    def _ordered(
        self, snapshot, asked: Asked, scores: Scores, weights: dict[str, float], wanted: int
    ) -> list[tuple[float, Place]]:
        """Return the best, at least as many as are wanted; with a phrase, all among the best that hold it."""
        many = _PHRASES_IN if asked.phrases else max(wanted, ranking.LOOKED_AT)
        ordered = _best(scores, many)
        if asked.phrases:
            ordered = [one for one in ordered if self._has_phrases(snapshot, one[1], asked.phrases)]
        question = ranking.Question.of(asked.text)
        looked = [
            (score + question.second_look(weights, *self._flat(snapshot, place)), place) for score, place in ordered[: ranking.LOOKED_AT]
        ]
        return sorted(looked, key=lambda one: (-one[0], one[1])) + ordered[ranking.LOOKED_AT :]

    def _has_phrases(self, snapshot, place: Place, phrases: Iterable[str]) -> bool:
        texts = self._flat(snapshot, place)
        return all(any(f" {phrase} " in text for text in texts) for phrase in phrases)

    def _flat(self, snapshot, place: Place) -> tuple[str, str]:
        key = (snapshot.leaves[place[0]].name[0], place[1])
        if key not in self._texts:
            _, title, body, _, _ = _shown(snapshot, place)
            self._texts[key] = (ranking.flat(title), ranking.flat(body))
            while len(self._texts) > _KEPT_TEXTS:
                self._texts.popitem(last=False)
        return self._texts[key]


def _many(scores: Scores) -> int:
    return sum(int(np.count_nonzero(found)) for found in scores)


def _best(scores: Scores, many: int) -> list[tuple[float, Place]]:
    """Return the best, the earliest written first of those that score the same."""
    gathered = np.concatenate([found[found > 0] for found in scores]) if scores else np.zeros(0)
    least = np.partition(gathered, -many)[-many] if len(gathered) > many else 0.0
    best = [
        (float(found[document]), (number, int(document)))
        for number, found in enumerate(scores) for document in np.flatnonzero((found > 0) & (found >= least))
    ]
    return sorted(best, key=lambda one: (-one[0], one[1]))[:many]


def _language(leaves: Sequence[Leaf], view: View, query: Query, asked: Asked) -> str | None:
    """Return the language of the question: the chosen one, else the one it is asked in, where anything to be seen is kept as that."""
    likely = query.language or spoken(words(asked.text))
    return likely if likely and any(np.any(norms[_of_language(leaf, likely)]) for leaf, norms in zip(leaves, view.norms, strict=True)) else None


def _of_language(leaf: Leaf, language: str) -> np.ndarray:
    return np.array([its == language for _, _, its, *_ in leaf.classes], dtype=bool)[leaf.class_of]


def _prefer(leaves: Sequence[Leaf], scores: Scores, language: str | None) -> None:
    """Let rules in another language than the question count for less: words alike mean less there. (What people write beside
    them is kept under the language of the rule, whatever theirs is.)"""
    for leaf, found in zip(leaves, scores, strict=True):
        if language:
            rules = np.array([kind == "procedure" for _, kind, *_ in leaf.classes], dtype=bool)[leaf.class_of]
            found[rules & ~_of_language(leaf, language)] *= ranking.FOREIGN


def _narrow(leaves: Sequence[Leaf], scores: Scores, query: Query) -> None:
    """Let go of what is not of the author or the days asked for; what has no day is before nothing."""
    for leaf, found in zip(leaves, scores, strict=True):
        if query.author is not None:
            found[leaf.authors != query.author.encode()] = 0.0
        if query.after is not None:
            found[leaf.days < query.after.isoformat().encode()] = 0.0
        if query.before is not None:
            found[(leaf.days >= query.before.isoformat().encode()) | (leaf.days == b"")] = 0.0


def _narrow_to_kinds(leaves: Sequence[Leaf], scores: Scores, query: Query) -> None:
    for leaf, found in zip(leaves, scores, strict=True):
        if query.kinds:
            found[~np.array([kind in query.kinds for _, kind, *_ in leaf.classes], dtype=bool)[leaf.class_of]] = 0.0


def _per_kind(leaves: Sequence[Leaf], scores: Scores) -> dict[str, int]:
    counted: dict[str, int] = {}
    for leaf, found in zip(leaves, scores, strict=True):
        many = np.bincount(leaf.class_of[found > 0], minlength=len(leaf.classes))
        for number in np.flatnonzero(many):
            kind = leaf.classes[number][1]
            counted[kind] = counted.get(kind, 0) + int(many[number])
    return counted


def _shown(snapshot, place: Place) -> tuple:
    return snapshot.leaves[place[0]].reader.stored_fields(place[1])["shown"]


def _hit(snapshot, place: Place, score: float, marked: dict[str, Wanted]) -> Hit:
    leaf = snapshot.leaves[place[0]]
    space, kind, language, _, _ = leaf.classes[leaf.class_of[place[1]]]
    key, title, body, code, thread = _shown(snapshot, place)
    return Hit(key, kind, space, title, snippet(body, marked[language]), code, thread, round(score, 3))


def _distinct(text: str) -> list[Word]:
    return list({word.folded: word for word in words(text)}.values())[:40]
