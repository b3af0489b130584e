"""What a language has to say for a rule of advice to be kept in it."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """The patterns of one language. Each is bounded, so that no text can make it slow."""

    longest_sentence: int               # words
    passive: re.Pattern                 # a passive that says nobody's name; group "done" is its participle
    statives: frozenset[str]            # participles that say how a thing is, not that somebody acts on it
    agent: re.Pattern                   # what follows a passive that does name somebody
    before: re.Pattern                  # what, earlier in its clause, makes a passive a condition or a prohibition
    forbids: re.Pattern                 # the beginning of a sentence that forbids: it asks nobody to act
    vague: re.Pattern                   # leaves to somebody, some day
    weak: re.Pattern                    # leaves it open whether it must be done
    gesture: re.Pattern                 # a hand on a screen, by itself
    hand: re.Pattern                    # a verb that a hand on a screen needs as well
    screen: re.Pattern                  # a thing on a screen
    step: re.Pattern                    # the beginning of a step that names nobody
    lead: re.Pattern                    # what before a list names somebody
    opening: re.Pattern                 # the beginning of a line before a list that names nobody
    regulation: re.Pattern              # names a text of law or a standard


def words(*several: str) -> str:
    """Return a pattern of whole words out of lists of words."""
    return r"\b(?:" + "|".join(word for one in several for word in one.split()) + r")\b"


def compiled(pattern: str) -> re.Pattern:
    """Return a pattern that minds no capitals."""
    return re.compile(pattern, re.IGNORECASE)
