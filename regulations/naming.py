"""How a procedure names clauses: "Code monétaire et financier, articles L. 561-5, L. 561-8 and R. 561-5-2" names three.

The rule. Case, accents, spaces and punctuation do not count. Words name a text where its title, or its other name, stands
in them, the longest title that does. What follows up to the next text's name is cut at commas, semicolons, strokes and at
and, or, to, et, ou, à; what stands before the first name belongs to it as well ("article 382 du Code civil"). A piece names a clause
where the clause's label stands in it as a whole: "L. 561-5" is named by "article L. 561-5" and not by "L. 561-5-2", nor by
"L. 561-5 bis". A range names its two ends.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_CUT = re.compile(r"[,;/]")
_JOINS = {"and", "or", "to", "et", "ou", "à"}
_BESIDE = (
    "article", "articles", "art", "clause", "clauses", "section", "sections", "paragraph", "paragraphs", "paragraphe",
    "paragraphes", "point", "points",
)
_MORE = {"bis", "ter", "quater", "quinquies", "sexies", "septies", "octies", "nonies", "decies"}

Label = tuple[str, ...]


@dataclass(frozen=True)
class Token:
    """A word or a number of some words, folded; `cut` where a comma or the like stands before it."""

    folded: str
    joins: bool
    cut: bool
    start: int
    end: int


@dataclass(frozen=True)
class Named:
    """What some words name: ids of clauses, and the parts that name nothing of the register."""

    clauses: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass
class Register:
    """The names of a space's texts and clauses, ready to be found in words."""

    names: dict[str, str] = field(default_factory=dict)
    titles: dict[Label, str] = field(default_factory=dict)
    labels: dict[str, dict[Label, str]] = field(default_factory=dict)
    _known: dict[str, Named] = field(default_factory=dict)

    def add_text(self, id: str, title: str, short: str = "") -> None:
        """Let a text be found under its title and its other name."""
        self.names[id], self.labels[id] = title, {}
        for name in (title, short):
            if found := label_of(name, ()):
                self.titles.setdefault(found, id)

    def add_clause(self, text_id: str, id: str, label: str) -> None:
        """Let a clause of a text be found under its label."""
        if found := label_of(label):
            self.labels[text_id].setdefault(found, id)

    def named(self, words: str) -> Named:
        """Return what these words name."""
        if words not in self._known:
            self._known[words] = self._named(unicodedata.normalize("NFC", words))
        return self._known[words]

    def _named(self, words: str) -> Named:
        tokens = list(_tokens(words))
        names = list(self._names(tokens))
        if not names:
            return Named(unknown=(words,))
        clauses, unknown = [], []
        for text_id, piece in _pieces(tokens, names):
            found = self._clause(text_id, [token.folded for token in piece])
            if found:
                clauses.append(found)
            elif any(token.folded.isdigit() for token in piece):
                unknown.append(f"{self.names[text_id]}, {words[piece[0].start : piece[-1].end]}")
        if not clauses and not unknown:
            unknown = [words]
        return Named(tuple(dict.fromkeys(clauses)), tuple(unknown))

    def _names(self, tokens: Sequence[Token]) -> Iterator[tuple[int, int, str]]:
        """Yield where texts are named: first and last token, and the text; the longest name wins."""
        longest, at = max(map(len, self.titles), default=0), 0
        folded = [token.folded for token in tokens]
        while at < len(tokens):
            lengths = range(min(longest, len(tokens) - at), 0, -1)
            length = next((n for n in lengths if tuple(folded[at : at + n]) in self.titles), 0)
            if length:
                yield at, at + length, self.titles[tuple(folded[at : at + length])]
            at += length or 1

    def _clause(self, text_id: str, piece: Sequence[str]) -> str | None:
        labels = self.labels[text_id]
        longest = max(map(len, labels), default=0)
        for length in range(min(longest, len(piece)), 0, -1):
            for at in range(len(piece) - length + 1):
                found = labels.get(tuple(piece[at : at + length]))
                if found and _is_whole(piece, at, at + length):
                    return found
        return None


def label_of(words: str, beside: Sequence[str] = _BESIDE) -> Label:
    """Return a label as it is compared: its words and numbers folded, without "article" and the like before them."""
    found = [token.folded for token in _tokens(unicodedata.normalize("NFC", words))]
    while len(found) > 1 and found[0] in beside:
        found.pop(0)
    return tuple(found)


def _tokens(words: str) -> Iterator[Token]:
    end = 0
    for match in _TOKEN.finditer(words):
        raw = match.group().casefold()
        folded = "".join(c for c in unicodedata.normalize("NFKD", raw) if not unicodedata.combining(c))
        yield Token(folded, raw in _JOINS, bool(_CUT.search(words, end, match.start())), match.start(), match.end())
        end = match.end()


def _pieces(tokens: Sequence[Token], names: Sequence[tuple[int, int, str]]) -> Iterator[tuple[str, list[Token]]]:
    """Yield the pieces between the names of texts, each with the text that it belongs to."""
    yield from ((names[0][2], piece) for piece in _cut(tokens[: names[0][0]]))
    for (_, end, text_id), (begin, _, _) in zip(names, [*names[1:], (len(tokens), 0, "")], strict=True):
        yield from ((text_id, piece) for piece in _cut(tokens[end:begin]))


def _cut(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    piece: list[Token] = []
    for token in tokens:
        if piece and (token.cut or token.joins):
            yield piece
            piece = []
        if not token.joins:
            piece.append(token)
    if piece:
        yield piece


def _is_whole(piece: Sequence[str], begin: int, end: int) -> bool:
    before = piece[begin - 1] if begin else "word"
    after = piece[end] if end < len(piece) else "word"
    return _is_word(before) and _is_word(after) and after not in _MORE


def _is_word(token: str) -> bool:
    return not token.isdigit() and len(token) > 1
