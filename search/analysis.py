"""Words of a text as terms of the index, in French and English, so that either finds what the other wrote.

Accents, capitals, elisions and endings are forgiven. A word leaves one term or two: French endings are cut both before
and after its accents are, because some typed `sécurité` and others will ask for `securite`.
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

import snowballstemmer

from search.stopwords import ENGLISH, FRENCH, SHARED

_WORD = re.compile(r"[^\W_]+")
_CODE = re.compile(r"\b([a-z]{2,10})-(\d{1,9})\b")
_LIGATURES = {"œ": "oe", "æ": "ae", "ß": "ss", "ﬁ": "fi", "ﬂ": "fl", "ı": "i", "ø": "o", "đ": "d", "ł": "l"}
_LONGEST = 40                       # a longer word is no word
_french = snowballstemmer.stemmer("french")
_english = snowballstemmer.stemmer("english")


def lowered(text: str) -> str:
    """Return `text` in small letters and NFC, accents kept."""
    return unicodedata.normalize("NFC", text).lower()


def fold(text: str) -> str:
    """Return `text` in small letters without accents or ligatures."""
    text = text.lower()
    if text.isascii():
        return text
    bare = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "".join(_LIGATURES.get(c, c) for c in bare)


def words(text: str) -> list[str]:
    """Return the words of lowered text in order; an apostrophe ends a word, so an elision leaves the word it hides."""
    return [word[:_LONGEST] for word in _WORD.findall(text)]


def codes(text: str) -> list[str]:
    """Return the codes in a text as terms, such as `kyc-1` for KYC-001: leading zeros say nothing."""
    return [f"{prefix}-{int(number)}" for prefix, number in _CODE.findall(text.lower())]


def plain(text: str) -> str:
    """Return the folded words of a text between single spaces, first and last included: what ranking looks at."""
    return f" {' '.join(words(fold(text)))} "


def language_of(tokens: list[str], default: str | None) -> str | None:
    """Return the language that the small words of a text betray, `default` if they say nothing."""
    french = sum(token in FRENCH for token in tokens if token not in SHARED)
    english = sum(token in ENGLISH for token in tokens if token not in SHARED)
    if french == english:
        return default
    return "fr" if french > english else "en"


def is_small(word: str, language: str | None) -> bool:
    """Whether a word is too common in its language to be looked for."""
    if language == "fr":
        return word in FRENCH
    if language == "en":
        return word in ENGLISH
    return word in FRENCH and word in ENGLISH or word not in SHARED and (word in FRENCH or word in ENGLISH)


@lru_cache(maxsize=200_000)
def french_terms(word: str) -> tuple[str, ...]:
    """Return the terms of a lowered French word."""
    bare = fold(word)
    before, after = fold(_french.stemWord(word)), _french.stemWord(bare)
    return (before,) if before == after else (before, after)


@lru_cache(maxsize=200_000)
def english_terms(word: str) -> tuple[str, ...]:
    """Return the term of a lowered English word."""
    return (_english.stemWord(fold(word)),)


@lru_cache(maxsize=50_000)
def all_terms(word: str) -> tuple[str, ...]:
    """Return every term a word can have been indexed under, in either language."""
    return tuple(dict.fromkeys(french_terms(word) + english_terms(word)))


def terms(text: str, language: str) -> Counter[str]:
    """Return how often each term occurs in a text, small words and codes' parts included as they must be."""
    low = lowered(text)
    tokens = words(low)
    spoken = language_of(tokens[:400], language)
    of = french_terms if spoken == "fr" else english_terms
    small = FRENCH if spoken == "fr" else ENGLISH
    counted: Counter[str] = Counter()
    for token, times in Counter(tokens).items():
        if token not in small:
            for term in of(token):
                counted[term] += times
    counted.update(codes(low))
    counted.update(_acronyms(text, small))
    return counted


def _acronyms(text: str, small: frozenset[str]) -> list[str]:
    # IT, OR or US in capitals inside a sentence is a name, even where the small word would be left out.
    return [word.lower() for word in re.findall(r"(?<=[a-zà-ÿ,;:(] )[A-Z]{2,5}\b", text) if word.lower() in small]
