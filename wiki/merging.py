"""The three-way merge of two texts that came from one, by paragraphs."""

import re

from merge3 import Merge3

_PARAGRAPH = re.compile(r"(?:[^\n]+\n?)+\n*|\n+")


def merge(base: str, ours: str, theirs: str) -> str | None:
    """Return both sides' changes together, None where they touch the same paragraphs."""
    if ours == theirs or base == theirs:
        return ours
    if base == ours:
        return theirs
    merged: list[str] = []
    for group in Merge3(*map(_PARAGRAPH.findall, (base, ours, theirs))).merge_groups():
        if group[0] == "conflict":
            return None
        merged += group[1]
    return "".join(merged)
