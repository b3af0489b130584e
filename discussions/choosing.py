"""The passages of a rule that somebody can ask about by choosing one of a list, as others select its words."""

from dataclasses import dataclass
from itertools import accumulate

from discussions.words import LONGEST_CONTEXT, LONGEST_QUOTE


@dataclass(frozen=True)
class Choice:
    """A paragraph, heading, entry or cell of a rule, with what stands around it."""

    quote: str
    prefix: str
    suffix: str


def choices(text: str) -> list[Choice]:
    """Return the passages of a rule's plain text, in its order; only the beginning of one too long to quote."""
    lines = text.split("\n")
    starts = accumulate((len(line) + 1 for line in lines), initial=0)
    return [_choice(text, start, start + len(line[:LONGEST_QUOTE])) for start, line in zip(starts, lines) if line.strip()]


def _choice(text: str, start: int, end: int) -> Choice:
    return Choice(text[start:end].strip(), text[max(0, start - LONGEST_CONTEXT) : start], text[end : end + LONGEST_CONTEXT])
