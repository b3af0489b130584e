"""How well a document answers: BM25 over stems, then a second look at the best for neighbouring words and titles.

Source: measured recipe R1 to R3, k1 0.9 and b 0.6, on the collection's own statistics.
"""

import math
from dataclasses import dataclass

from search.words import words

K1, B = 0.9, 0.6
PAIRS, TITLE, NAMES = 0.5, 0.35, 0.8
FOREIGN = 0.6           # of a document in another language than the question
LOOKED_AT = 50          # documents that get the second look


def idf(documents: int, holding: int) -> float:
    """Return the weight of a term that so many of the documents hold."""
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


def norm(length: float, mean: float) -> float:
    """Return what the length of a document counts against the frequency of a term in it; always above 0."""
    return K1 * (1 - B + B * length / mean)


def flat(text: str) -> str:
    """Return a text as its folded words between single blanks, in which neighbours can be looked up."""
    return " " + " ".join(word.folded for word in words(text)) + " "


@dataclass(frozen=True)
class Question:
    """The words of a question without accents, in order, and the names among them: read once for all that is looked at."""

    words: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, asked: str) -> "Question":
        """Return what somebody asked, read."""
        found = list(words(asked))
        # Capitals and figures inside a question point at names; the first word is capitalised anyway.
        names = (word.folded for word in found if word.start and (asked[word.start].isupper() or word.folded.isdigit()))
        return cls(tuple(word.folded for word in found), tuple(names))

    def second_look(self, weights: dict[str, float], title: str, body: str) -> float:
        """Return what neighbouring words, words of the title and names add. `title` and `body` are `flat`; `weights` are per
        word without accents."""
        found = 0.0
        for first, second in zip(self.words, self.words[1:], strict=False):
            many = body.count(f" {first} {second} ")
            if many:
                found += PAIRS * max(weights.get(first, 0.5), weights.get(second, 0.5)) * many / (many + K1)
        found += TITLE * sum(weights.get(word, 0.0) for word in sorted(set(self.words)) if f" {word} " in title)
        for name in self.names:
            if f" {name} " in body:
                found += NAMES * weights.get(name, 1.0) * 0.5
        return found
