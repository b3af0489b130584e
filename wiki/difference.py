"""The difference between two texts: paragraphs first, then words inside those that changed, in bounded time."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# Beyond this product of words, a changed paragraph is shown as replaced whole: the comparison would cost seconds.
_MOST_WORK = 4_000_000
_BLOCK = re.compile(r"[^\n]*\n(?:[ \t]*\n)*|[^\n]+\Z")
_WORD = re.compile(r"\s+|\w+|[^\w\s]")


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
    before, after = _BLOCK.findall(old), _BLOCK.findall(new)
    blocks: list[Block] = []
    for op, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        removed, added = "".join(before[i1:i2]), "".join(after[j1:j2])
        if op == "equal":
            blocks.append(Block("same", (Piece("same", removed),)))
        elif op == "replace":
            blocks += _changed(before[i1:i2], after[j1:j2])
        else:
            piece = Piece("removed", removed) if op == "delete" else Piece("added", added)
            blocks.append(Block(piece.op, (piece,)))
    return Difference(tuple(blocks))


def _changed(before: list[str], after: list[str]) -> list[Block]:
    if len(before) == len(after):
        return [Block("changed", _words(old, new)) for old, new in zip(before, after, strict=True)]
    return [Block("changed", _words("".join(before), "".join(after)))]


def _words(old: str, new: str) -> tuple[Piece, ...]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) * len(after) > _MOST_WORK:
        return (Piece("removed", old), Piece("added", new))
    pieces: list[Piece] = []
    for op, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            pieces.append(Piece("same", "".join(before[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece("removed", "".join(before[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("added", "".join(after[j1:j2])))
    return tuple(pieces)
