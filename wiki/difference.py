"""The difference between two texts: lines first, then words inside those that changed, in bounded time."""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diff_match_patch import diff_match_patch

# Past this the rest of a difference is shown as replaced whole: true, only less fine.
_LONGEST_S = 0.4
_BLOCK = re.compile(r"[^\n]*\n(?:[ \t]*\n)*|[^\n]+\Z")
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_WORDS = 20_000
_OPS = {-1: "removed", 0: "same", 1: "added"}
_FIRST, _SURROGATES, _AFTER = 0x100, 0xD800, 0xE000


@dataclass(frozen=True)
class Piece:
    """A run of text that stands in both, only in the old one (removed) or only in the new one (added)."""

    op: str
    text: str


@dataclass(frozen=True)
class Block:
    """Lines that belong together: same, changed, added or removed."""

    op: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Difference:
    """`same` and `added` pieces together are the new text, `same` and `removed` the old one, byte for byte."""

    blocks: tuple[Block, ...]

    @property
    def pieces(self) -> list[Piece]:
        """Every piece in order, neighbours of one kind joined."""
        joined: list[Piece] = []
        for block in self.blocks:
            for piece in block.pieces:
                if joined and joined[-1].op == piece.op:
                    joined[-1] = Piece(piece.op, joined[-1].text + piece.text)
                else:
                    joined.append(piece)
        return joined


def difference(old: str, new: str) -> Difference:
    """Return the difference from `old` to `new`."""
    deadline = time.monotonic() + _LONGEST_S
    blocks: list[Block] = []
    removed: list[str] = []
    for op, lines in _runs(_BLOCK.findall(old), _BLOCK.findall(new), deadline):
        if op == "removed":
            removed = lines
            continue
        if op == "added" and removed:
            blocks += _changed(removed, lines, deadline)
        else:
            blocks += _whole("removed", removed) + _whole(op, lines)
        removed = []
    return Difference(tuple(blocks + _whole("removed", removed)))


def _changed(before: list[str], after: list[str], deadline: float) -> list[Block]:
    if len(before) == len(after):
        return [Block("changed", _words(old, new, deadline)) for old, new in zip(before, after, strict=True)]
    return [Block("changed", _words("".join(before), "".join(after), deadline))]


def _words(old: str, new: str, deadline: float) -> tuple[Piece, ...]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) + len(after) > _MOST_WORDS:
        return (Piece("removed", old), Piece("added", new))
    return tuple(Piece(op, "".join(words)) for op, words in _runs(before, after, deadline))


def _whole(op: str, lines: Sequence[str]) -> list[Block]:
    return [Block(op, (Piece(op, "".join(lines)),))] if lines else []


def _runs(before: Sequence[str], after: Sequence[str], deadline: float) -> Iterator[tuple[str, list[str]]]:
    """Yield (op, tokens) in order: removed before added where both stand in one place."""
    letters: dict[str, str] = {}
    one, two = (_lettered(tokens, letters) for tokens in (before, after))
    tokens_of = {letter: token for token, letter in letters.items()}
    differ = diff_match_patch()
    found = differ.diff_main(one, two, False, _absolute(deadline))
    for op, run in found:
        yield _OPS[op], [tokens_of[letter] for letter in run]


def _lettered(tokens: Sequence[str], letters: dict[str, str]) -> str:
    """Return tokens as letters, one for each different token, which the library compares."""
    for token in tokens:
        if token not in letters:
            code = _FIRST + len(letters)
            letters[token] = chr(code if code < _SURROGATES else code + _AFTER - _SURROGATES)
    return "".join(letters[token] for token in tokens)


def _absolute(deadline: float) -> float:
    # The library counts by the wall clock; what is left is counted by ours.
    return time.time() + max(0.0, deadline - time.monotonic())
