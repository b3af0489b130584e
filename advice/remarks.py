"""What a colleague would remark about a draft: each remark has a quote, plain advice, and perhaps one act."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

LONGEST_QUOTE = 240

# What each kind is about, in the order in which a page shows them: the whole text first, then its words.
KINDS = ("unread", "duties", "regulation", "review", "budget", "how", "actor", "role", "link", "passive", "vague", "weak", "long")

_OF_WHOLE = {"unread", "duties", "regulation", "review", "budget"}


@dataclass(frozen=True)
class Remark:
    """One remark. `sentence` is to be translated and filled with `params`; lines are counted from 1, the last one included.

    `act` is what its button does: `tip` (the lines become a tip), `use` (`params["role"]` becomes `params["known"]`) or nothing.
    """

    kind: str
    sentence: str
    quote: str
    line: int
    end_line: int
    params: Mapping[str, object] = field(default_factory=dict)
    act: str | None = None

    @property
    def is_of_whole(self) -> bool:
        """Whether it is about the whole text: its quote is then the title."""
        return self.kind in _OF_WHOLE

    @property
    def key(self) -> str:
        """The digest of kind and quote by which somebody's "leave it so" is remembered."""
        return hashlib.sha256(f"{self.kind}\n{self.quote}".encode()).hexdigest()[:16]


def quoted(words: str) -> str:
    """Return words as a remark quotes them: one line, cut between words where it is long."""
    line = " ".join(words.split())
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1].rsplit(" ", 1)[0] + "…"
