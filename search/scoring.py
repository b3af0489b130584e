"""Finding: candidates by their rarest terms, BM25 over what the query may see, a second look at the best, a page of them.

Every count and every weight is taken over the documents that the query may see, so that nothing outside them can be
guessed from an order, a number or a score.
"""

import heapq
from array import array
from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from threading import Lock

from search import ranking
from search.engine import Found, Hit, Query
from search.query import Asked, read
from search.snippets import Wanted, snippet
from search.spelling import better
from search.tiers import TOMBSTONE, Postings
from search.words import LANGUAGES, Word, terms, words

_BUDGET = 0.2           # once so many of the documents are candidates, commoner words only score them
_FEWEST = 500
_PHRASES_IN = 400
_EXPANSIONS = 30
_KEPT_VIEWS = 64
_KEPT_TEXTS = 4000

Place = tuple[int, int]     # a document: number of its segment, number in it


@dataclass(frozen=True)
class View:
    """What one set of rights sees of a snapshot: per segment what the length of each document counts, 0 for one not
    to be seen, and the statistics over those that are."""

    norms: tuple[array, ...]
    documents: int
    holding: dict[tuple[str, str], int]


class Scorer:
    """Finds and orders; keeps decoded postings and what each set of rights sees."""

    def __init__(self, postings: Postings):
        self._postings = postings
        self._lock = Lock()
        self._views: OrderedDict[tuple, View] = OrderedDict()
        self._texts: OrderedDict[tuple, tuple[str, str]] = OrderedDict()

    def found(self, snapshot, query: Query) -> Found:
        """Return a page of what a query finds in a snapshot."""
        with self._lock:
            return self._found(snapshot, query)

    def _found(self, snapshot, query: Query) -> Found:
        asked = read(query.text)
        view = self._view(snapshot, query)
        scores, weights, wanted, unknown = self._scored(snapshot, view, asked)
        if query.author is not None or query.after is not None or query.before is not None:
            scores = {place: score for place, score in scores.items() if _holds(snapshot, place, query)}
        per_kind = _per_kind(snapshot, scores)
        if query.kinds:
            scores = {place: score for place, score in scores.items() if _kind(snapshot, place) in query.kinds}
        start = (query.page - 1) * query.page_size
        ordered = self._ordered(snapshot, asked, scores, weights, start + query.page_size)
        page = ordered[start : start + query.page_size]
        marked = {language: Wanted(wanted, language) for language in LANGUAGES}
        return Found(
            hits=[_hit(snapshot, place, score, marked) for score, place in page],
            total=len(ordered) if asked.phrases else len(scores),
            per_kind=per_kind,
            suggestion=better(snapshot, asked.text, unknown, lambda term: self._visible(snapshot, view, "plain", term)),
        )

    def _view(self, snapshot, query: Query) -> View:
        key = (snapshot.number, query.spaces, query.day, query.language)
        view = self._views.get(key)
        if view is None:
            view = self._views[key] = _made_view(snapshot, query)
            while len(self._views) > _KEPT_VIEWS:
                self._views.popitem(last=False)
        self._views.move_to_end(key)
        return view

    def _scored(self, snapshot, view: View, asked: Asked):
        asked_words = _distinct(asked.text)
        found = []
        for word in asked_words:
            under = self._under(snapshot, view, word, is_last=word is asked_words[-1])
            holding = sum(self._holding(snapshot, view, field, term) for field, term in under)
            if under:
                found.append((holding, word, under))
        scores: dict[Place, float] = {}
        weights, wanted = {}, set()
        for holding, word, under in sorted(found, key=lambda one: one[0]):
            weights[word.folded] = ranking.idf(view.documents, holding)
            wanted |= set(under)
            if holding:
                opens = len(scores) < max(_FEWEST, _BUDGET * view.documents)
                self._add(snapshot, view, scores, under, weights[word.folded], opens=opens)
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
        many = 0
        for number, leaf in enumerate(snapshot.leaves):
            documents, _ = self._postings.get(leaf, field, term)
            many += sum(map(bool, map(view.norms[number].__getitem__, documents)))
        return many

    def _add(self, snapshot, view: View, scores: dict[Place, float], under, weight: float, *, opens: bool) -> None:
        best: dict[Place, float] = {}
        for field, term in under:
            for number, leaf in enumerate(snapshot.leaves):
                documents, frequencies = self._postings.get(leaf, field, term)
                _score_leaf(best, None if opens else scores, number, view.norms[number], documents, frequencies, weight)
        for place, score in best.items():
            scores[place] = scores.get(place, 0.0) + score

    def _add_codes(self, snapshot, view: View, scores: dict[Place, float], codes: Iterable[str]) -> None:
        for code in codes:
            for number, leaf in enumerate(snapshot.leaves):
                documents, _ = self._postings.get(leaf, "code", code)
                for document in documents:
                    if view.norms[number][document]:
                        is_rule = leaf.classes[leaf.class_of[document]][1] == "procedure"
                        scores[number, document] = scores.get((number, document), 0.0) + (1000.0 if is_rule else 50.0)

    def _ordered(
        self, snapshot, asked: Asked, scores: dict[Place, float], weights: dict[str, float], wanted: int
    ) -> list[tuple[float, Place]]:
        """Return the best, at least as many as are wanted; with a phrase, all among the best that hold it."""
        many = _PHRASES_IN if asked.phrases else max(wanted, ranking.LOOKED_AT)
        best = heapq.nsmallest(many, scores.items(), key=lambda one: (-one[1], one[0]))
        ordered = [(score, place) for place, score in best]
        if asked.phrases:
            ordered = [one for one in ordered if self._has_phrases(snapshot, one[1], asked.phrases)]
        looked = []
        for score, place in ordered[: ranking.LOOKED_AT]:
            title, body = self._flat(snapshot, place)
            looked.append((score + ranking.second_look(asked.text, weights, title, body), place))
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


def _made_view(snapshot, query: Query) -> View:
    seen = [_seen(snapshot, query, number) for number in range(len(snapshot.leaves))]
    lengths = [leaf.lengths[at] for leaf, flags in zip(snapshot.leaves, seen, strict=True) for at, flag in enumerate(flags) if flag]
    mean = sum(lengths) / len(lengths) if lengths else 1.0
    norms = tuple(
        array("d", (ranking.norm(length, mean) if flag else 0.0 for length, flag in zip(leaf.lengths, flags, strict=True)))
        for leaf, flags in zip(snapshot.leaves, seen, strict=True)
    )
    return View(norms, len(lengths), {})


def _seen(snapshot, query: Query, number: int) -> bytearray:
    """Return, per document of a segment, whether it may be seen and is the last word about its owner."""
    leaf, last = snapshot.leaves[number], snapshot.last
    classes = bytes(_may_see(query, query.day.isoformat(), *one) for one in leaf.classes)
    flags = bytearray(classes[one] for one in leaf.class_of)
    if last:
        for at, owner in enumerate(leaf.owners):
            if last.get(owner, number) != number:
                flags[at] = 0
    return flags


def _may_see(query: Query, day: str, space: str, kind: str, language: str, start: str, end: str) -> bool:
    return (
        space in query.spaces and kind != TOMBSTONE and (not start or start <= day) and (not end or day < end)
        and query.language in (None, language)
    )


def _score_leaf(best, among, number: int, norms, documents, frequencies, weight: float) -> None:
    """Keep in `best` what a term adds to each document that may be seen; `among` these only, None: any."""
    most = weight * (ranking.K1 + 1)
    for document, frequency in zip(documents, frequencies, strict=True):
        norm = norms[document]
        if norm:
            place = (number, document)
            if among is None or place in among:
                score = most * frequency / (frequency + norm)
                if score > best.get(place, 0.0):
                    best[place] = score


def _holds(snapshot, place: Place, query: Query) -> bool:
    number, document = place
    leaf = snapshot.leaves[number]
    if query.author is not None and leaf.authors[document] != query.author:
        return False
    day = leaf.days[document]
    if query.after is not None and day < query.after.isoformat():
        return False
    return query.before is None or "" < day < query.before.isoformat()


def _kind(snapshot, place: Place) -> str:
    leaf = snapshot.leaves[place[0]]
    return leaf.classes[leaf.class_of[place[1]]][1]


def _per_kind(snapshot, scores: Collection[Place]) -> dict[str, int]:
    classes = [leaf.class_of for leaf in snapshot.leaves]
    found: dict[str, int] = {}
    for (number, one), many in Counter((number, classes[number][document]) for number, document in scores).items():
        kind = snapshot.leaves[number].classes[one][1]
        found[kind] = found.get(kind, 0) + many
    return found


def _shown(snapshot, place: Place) -> tuple:
    return snapshot.leaves[place[0]].reader.stored_fields(place[1])["shown"]


def _hit(snapshot, place: Place, score: float, marked: dict[str, Wanted]) -> Hit:
    leaf = snapshot.leaves[place[0]]
    space, kind, language, _, _ = leaf.classes[leaf.class_of[place[1]]]
    key, title, body, code, thread = _shown(snapshot, place)
    return Hit(key, kind, space, title, snippet(body, marked[language]), code, thread, round(score, 3))


def _distinct(text: str) -> list[Word]:
    return list({word.folded: word for word in words(text)}.values())[:40]
