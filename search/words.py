"""Words as the index knows them: accents, elisions, plurals and endings forgiven, the same in texts and questions."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

LANGUAGES = ("en", "fr")
LONGEST_WORD = 64
WORD = re.compile(r"[^\W_]+")
_LAST_WORD = re.compile(r"[^\W_]+\Z")
_SURE = 2               # a name has an accent in any language, and a comment is asked for in English
_ELIDED = frozenset("l d j m t s n c qu jusqu lorsqu puisqu quoiqu".split())
_APOSTROPHES = "'’ʼ"
_HUNG_ON = frozenset("s t ll re ve".split())        # what English hangs on a word: client's, don't, we'll
_STOP = {
    "en": frozenset(
        """a an and are as at be been but by can could did do does for from had has have he her his how i if in into is it its
        may me might must my no not of on or our shall she should so some such than that the their them then there these they
        this those to was we were what when where which who whom why will with would you your""".split()
    ),
    "fr": frozenset(
        """a ai as au aux avec avait ce ces cet cette comme comment dans de des donc dont du elle elles en entre est et etait ete
        etre eu faut il ils je la le les leur leurs lui ma mais me meme mes mon ne nos notre nous on ont ou par pas plus pour
        pourquoi quand que quel quelle quelles quels qui quoi sa sans se ses si son sont sur ta te tes ton tu un une vos votre
        vous y""".split()
    ),
}
_STEMMERS = {language: snowballstemmer.stemmer({"en": "english", "fr": "french"}[language]) for language in LANGUAGES}


class Word(NamedTuple):
    """A word of a text: as written in small letters, without accents, and where it stands."""

    lower: str
    folded: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return text in small letters without accents, one character for each, so that places stay the same."""
    return "".join(_folded_letter(c) for c in text)


@lru_cache(maxsize=4096)
def _folded_letter(letter: str) -> str:
    lower = letter.lower()
    base = unicodedata.normalize("NFKD", lower)
    plain = "".join(c for c in base if not unicodedata.combining(c))
    return (plain or lower or letter)[0]


def lowered(text: str) -> str:
    """Return text in small letters, one for each letter, so that places stay the same."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(letter.lower()[0] for letter in text)      # İ becomes two


def words(text: str, only: Mapping[str, bool] | None = None) -> Iterator[Word]:
    """Yield the words of a text in order; l', d', qu' before a word are left out, and 's after one; œ counts as oe.

    `only` says of a word in small letters whether it is wanted; the others are passed over, at little cost.
    """
    lower = lowered(text)
    for match in WORD.finditer(lower):
        written = match.group()
        if only is not None and not only[written]:
            continue
        end = match.end()
        if end < len(lower) and lower[end] in _APOSTROPHES and written in _ELIDED:
            continue
        if written in _HUNG_ON and _is_hung_on(lower, match.start()):
            continue
        if len(written) <= LONGEST_WORD:
            yield Word(written, plain(written), match.start(), end)


def _is_hung_on(lower: str, start: int) -> bool:
    """Say whether what begins there hangs by an apostrophe on a word, which is not one of those that lean on the next: l's."""
    before = _LAST_WORD.search(lower[max(0, start - LONGEST_WORD) : start - 1]) if start > 1 and lower[start - 1] in _APOSTROPHES else None
    return before is not None and before.group() not in _ELIDED


def spoken(asked: Iterable[Word]) -> str | None:
    """Return the language in which something was asked, if its small words and accents point at it by two more than at another."""
    points = dict.fromkeys(LANGUAGES, 0)
    for word in asked:
        points["fr"] += word.lower != word.folded
        for language in LANGUAGES:
            points[language] += word.folded in _STOP[language]
    most, second = sorted(points, key=points.get, reverse=True)
    return most if points[most] - points[second] >= _SURE else None


@lru_cache(maxsize=65536)
def plain(word: str) -> str:
    """Return a word in small letters without accents; œ counts as oe, æ as ae, ß as ss."""
    spelt = word.replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")
    return "".join(c for c in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(c))


def says_nothing(folded: str) -> bool:
    """Say whether a word is one of those that stand in every sentence of some language, and are not looked for."""
    return any(folded in stop for stop in _STOP.values())


@lru_cache(maxsize=131072)
def terms(lower: str, folded: str, language: str) -> tuple[str, ...]:
    """Return what a word is found under in a language: its stem as written, and its stem without accents; none if it
    says nothing by itself."""
    if folded in _STOP[language]:
        return ()
    stem = _STEMMERS[language].stemWord
    return tuple(dict.fromkeys((plain(stem(lower)), plain(stem(folded)))))
