"""What a text leads to: links inside its space, procedures named by their codes, and headings of its own."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from advice.blocks import Block
from advice.plain import links

_CODE = re.compile(r"(?<![\w./-])[A-Z]{2,6}-\d{3,6}(?![\w-])")
MOST_TARGETS = 500


@dataclass(frozen=True)
class Target:
    """Where a text leads: a `path`, a `code` or an `anchor` of its own, and the line from 0."""

    kind: str
    name: str
    shown: str
    line: int


def targets(found: Iterable[Block]) -> list[Target]:
    """Return where the blocks lead, outside addresses apart, at most five hundred."""
    told: list[Target] = []
    for block in found:
        if block.kind != "heading":
            told += islice(_of_block(block), MOST_TARGETS)
        if len(told) >= MOST_TARGETS:
            return told[:MOST_TARGETS]
    return told


def heading_names(headings: Iterable[str]) -> Iterator[str]:
    """Yield the name of each heading in an address, as they come: the same name twice gets a number."""
    seen: dict[str, int] = {}
    for words in headings:
        name = re.sub(r"[^\w]+", "-", words.lower()).strip("-")[:60] or "section"
        seen[name] = seen.get(name, 0) + 1
        yield name + (f"-{seen[name]}" if seen[name] > 1 else "")


def _of_block(block: Block) -> Iterator[Target]:
    if "](" in block.raw:
        for link in islice(links(block.raw), MOST_TARGETS):
            target = _target(link.target)
            if target:
                yield Target(*target, link.target, block.start + block.raw.count("\n", 0, link.at))
    for code in _CODE.finditer(block.words):
        yield Target("code", code[0], code[0], block.start + block.words.count("\n", 0, code.start()))


def _target(href: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or href.startswith("//"):
        return None
    if href.startswith("#"):
        return ("anchor", href[1:].removeprefix("s-")) if len(href) > 1 else None
    if parts.path.startswith("/"):
        code = re.fullmatch(r"/procedures/([A-Za-z]{2,6}-\d{3,6})", parts.path)
        return ("code", code[1].upper()) if code else None
    return ("path", parts.path) if parts.path else None
