"""The margins of printed sheets as CSS, because only that reaches them, and of our own, because nothing inline is allowed."""

from collections.abc import Sequence
from datetime import date

from accounts.models import Space
from paper import binding, captions
from paper.captions import Copy

_SAFE = frozenset(" ,.:-")
_NEXT_LINE = '"\\a "'


def of_copy(copy: Copy) -> str:
    """Return the margins of one version's sheets."""
    return _page("@page", captions.reference(copy), copy.standing.day, _foot(copy))


def of_manual(space: Space, day: date, today: date, bound: Sequence[Copy]) -> str:
    """Return the margins of a manual's sheets: each procedure names its own pages."""
    rules = [_page("@page", binding.manual_reference(space, day), today, _quoted(binding.manual_check(space)))]
    for copy in bound:
        rules.append(_page(f"@page {copy.code}", captions.reference(copy), today, _foot(copy), side=captions.across(copy)))
        rules.append(f"#{copy.code} {{ page: {copy.code}; }}\n")
    return "".join(rules)


def _foot(copy: Copy) -> str:
    return f"{_quoted(captions.approved(copy.version))} {_NEXT_LINE} {_quoted(captions.check(copy.code))}"


def _page(selector: str, reference: str, today: date, foot: str, *, side: str = "") -> str:
    before, between = captions.counted_page().split("{page}")
    between, after = between.split("{pages}")
    boxes = {
        "top-left": _quoted(reference),
        "top-right": _quoted(captions.printed(today)),
        "bottom-left": foot,
        "bottom-right": f"{_quoted(before)} counter(page) {_quoted(between)} counter(pages) {_quoted(after)}",
    }
    rules = [f"  @{box} {{ content: {content}; white-space: pre-wrap; }}" for box, content in boxes.items()]
    if side:
        rules.append(f"  @right-middle {{ content: {_quoted(side)}; writing-mode: vertical-rl; font: 600 15pt serif; color: #7a858a; }}")
    return "\n".join([f"{selector} {{", "  font: 8pt sans-serif;", *rules, "}\n"])


def _quoted(words: str) -> str:
    """Return words as a CSS string; what is neither a letter nor a figure is escaped, so that none can end it."""
    return '"' + "".join(c if c.isalnum() or c in _SAFE else f"\\{ord(c):06x} " for c in words) + '"'
