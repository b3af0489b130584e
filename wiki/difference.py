"""The difference between two texts: lines first, then words inside those that changed, in bounded time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import LCSseq

_BLOCK = re.compile(r"[^\n]*\n(?:[ \t]*\n)*|[^\n]+\Z")
_A_WORD = re.compile(r"\w+")
_HAS_WORD = re.compile(r"\w")
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
# Comparing keeps one bit for each pair of tokens; past this the texts are shown as replaced whole: true, only less fine.
_MOST_PAIRS = 400_000_000
_MOST_LINES = 5_000         # compared one by one; more of them are compared as one text
_LONGEST_KEPT = 40_000      # letters, of both texts


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
    """Return the difference from `old` to `new`, and keep it a while: who sends or approves a change has just looked at it."""
    return _kept(old, new) if len(old) + len(new) <= _LONGEST_KEPT else _difference(old, new)


def _difference(old: str, new: str) -> Difference:
    blocks: list[Block] = []
    for removed, added, same in _runs(_BLOCK.findall(old), _BLOCK.findall(new)):
        if removed and added:
            blocks += _changed(removed, added)
        else:
            blocks += _whole("removed", removed) + _whole("added", added)
        blocks += _whole("same", same)
    return Difference(tuple(blocks))


_kept = lru_cache(maxsize=32)(_difference)


def counted(found: Difference) -> tuple[int, int]:
    """Return how many words a difference adds and how many it removes."""
    pieces = [piece for block in found.blocks for piece in block.pieces]
    added, removed = (sum(len(_A_WORD.findall(piece.text)) for piece in pieces if piece.op == op) for op in ("added", "removed"))
    return added, removed


def lines_of(text: str) -> list[str]:
    """Return a text's lines as they are compared: each with the blank lines after it."""
    return _BLOCK.findall(text)


def kept_lines(old: str, new: str) -> list[tuple[int, int, int]]:
    """Return the runs of lines that stand in both texts: line in the old, line in the new, how many. Blanks do not count."""
    before, after = ([line.rstrip() for line in lines_of(text)] for text in (old, new))
    kept, here, there = [], 0, 0
    for removed, added, same in _runs(before, after):
        here, there = here + len(removed), there + len(added)
        if same:
            kept.append((here, there, len(same)))
        here, there = here + len(same), there + len(same)
    return kept


def _changed(before: Sequence[str], after: Sequence[str]) -> list[Block]:
    if len(before) == len(after) <= _MOST_LINES:
        return [Block("changed", _words(old, new)) for old, new in zip(before, after, strict=True)]
    return [Block("changed", _words("".join(before), "".join(after)))]


def _words(old: str, new: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    removed = added = kept = ""
    for gone, come, same in _runs(_WORD.findall(old), _WORD.findall(new)):
        if removed and added and (gone or come) and not _HAS_WORD.search(kept):
            # A blank or a comma alone between two changes is easier read as part of them.
            removed, added = removed + kept, added + kept
        else:
            pieces += [Piece("removed", removed), Piece("added", added), Piece("same", kept)]
            removed = added = ""
        removed, added, kept = removed + "".join(gone), added + "".join(come), "".join(same)
    pieces += [Piece("removed", removed), Piece("added", added), Piece("same", kept)]
    return tuple(piece for piece in pieces if piece.text)


def _whole(op: str, lines: Sequence[str]) -> list[Block]:
    return [Block(op, (Piece(op, "".join(lines)),))] if lines else []


def _runs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str], Sequence[str]]]:
    """Yield (removed, added, same) runs of tokens in order; `same` follows what changed before it."""
    if len(before) * len(after) > _MOST_PAIRS:
        yield before, after, ()
        return
    here = there = 0
    for block in LCSseq.opcodes(before, after).as_matching_blocks():
        same = before[block.a : block.a + block.size]
        yield before[here : block.a], after[there : block.b], same
        here, there = block.a + block.size, block.b + block.size
