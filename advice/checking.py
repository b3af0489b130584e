"""The check itself: from a text and its surroundings to remarks, in the order in which they are worth reading."""

from collections.abc import Iterable

from advice import structure, wording
from advice.blocks import blocks
from advice.context import Context
from advice.duties import read
from advice.links import Target, targets
from advice.remarks import Remark, quoted
from advice.sentences import count
from core.errors import N_

LONGEST_READ = 60_000       # characters: ten thousand words, more than any procedure we know has
MOST_LINES = 5_000
MOST_REMARKS = 500


def remarks(text: str, context: Context) -> list[Remark]:
    """Return what a colleague would remark: first about the whole text, then in the order of its lines. Each once."""
    read_part = head_of(text)
    found = blocks(read_part, context.skip)
    asked = read(found)
    words = sum(count(block.words) for block in found) + len(text[len(read_part) :].split())
    told: list[Remark] = []
    if len(read_part) < len(text):
        told.append(_unread(read_part, context))
    told += structure.about_whole(found, asked, context, words)
    told += _in_order(
        [
            *wording.about_how(found, context), *structure.about_rows(asked), *wording.about_steps(found, asked, context),
            *structure.about_roles(asked, context), *structure.about_links(targets(found), found, context),
            *wording.about_sentences(found, context),
        ]
    )
    return _once(told)[:MOST_REMARKS]


def targets_of(text: str, skip: int = 0) -> list[Target]:
    """Return where a text leads, for whoever knows what is there."""
    return targets(blocks(head_of(text), skip))


def head_of(text: str) -> str:
    """Return the part of a text that is read: the whole of it, unless it is far too long for a procedure."""
    part = text[:LONGEST_READ]
    end = -1
    for _ in range(MOST_LINES):
        end = part.find("\n", end + 1)
        if end < 0:
            return part
    return part[:end]


def _unread(part: str, context: Context) -> Remark:
    line = part.count("\n") + 1
    return Remark("unread", N_("Only the first %(lines)s lines were looked at."), quoted(context.title), line, line, {"lines": line})


def _in_order(told: Iterable[Remark]) -> list[Remark]:
    """Return remarks by line; of a line that tells how nothing else is said, because it had better go."""
    kept = list(told)
    how = {line for one in kept if one.kind == "how" for line in range(one.line, one.end_line + 1)}
    kept = [one for one in kept if one.kind in ("how", "link", "role") or one.line not in how]
    return sorted(kept, key=lambda one: one.line)


def _once(told: Iterable[Remark]) -> list[Remark]:
    return list({one.key: one for one in reversed(list(told))}.values())[::-1]
