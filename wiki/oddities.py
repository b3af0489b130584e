"""What an import found odd, in words and with examples: nothing is dropped silently."""

import re
from collections.abc import Iterable, Sequence
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from wiki import frontmatter
from wiki.history import Page
from wiki.objects import Missing
from wiki.pictures import in_collection, place_of
from wiki.repository import Repository

_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)")
_HTML = re.compile(r"</?[a-zA-Z][^>\n]*>")
_LIQUID = re.compile(r"\{[{%].*?[%}]\}")
_ABSOLUTE = re.compile(r"^([a-z][a-z0-9+.-]*:|//|#|\{)", re.IGNORECASE)
_SHOWN = 200

TITLES = {
    "reserved": "front matter keys without authority here, ignored",
    "unreadable": "front matter that cannot be read, shown as part of nothing",
    "links": "links that lead to no page of the collection",
    "pictures": "pictures that are not in the collection: their descriptions show",
    "html": "pages with raw HTML, which shows as text",
    "liquid": "pages with template tags, which show as text",
    "translations": "translations of something that is not there, or not in another language: shown as originals",
    "encoding": "pages that are not UTF-8: the bytes are kept, strange letters show",
    "symlinks": "symbolic links: their text here is where they point",
    "left": "files that are not Markdown, so no procedures",
    "not taken": "pages that could not be taken",
}


def report(
    repository: Repository, tip: str, pages: Sequence[Page], left: Iterable[str], symlinks: Iterable[str]
) -> dict[str, list[str]]:
    """Return, per kind of oddity, every example in the texts at the tip."""
    found: dict[str, list[str]] = {kind: [] for kind in TITLES}
    live = {page.path for page in pages if page.is_live}
    for page in pages:
        if page.is_live:
            _look(found, repository, tip, page, live)
    found["left"] = list(left)
    found["symlinks"] = list(symlinks)
    return {kind: examples for kind, examples in found.items() if examples}


def lines(found: dict[str, list[str]]) -> list[str]:
    """Return the report as lines for a terminal: a count per kind, with examples."""
    told = []
    for kind, examples in found.items():
        told.append(f"{len(examples)} {TITLES[kind]}:")
        told += [f"    {example}" for example in examples[:5]]
        if len(examples) > 5:
            told.append(f"    and {len(examples) - 5} more")
    return told or ["Nothing was odd."]


def _look(found: dict[str, list[str]], repository: Repository, tip: str, page: Page, live: set[str]) -> None:
    try:
        raw = repository.objects.blob(page.revisions[-1].blob)
    except Missing:
        return
    text = raw.decode("utf-8", "replace")
    if "\ufffd" in text:
        found["encoding"].append(page.path)
    head = frontmatter.split(text)
    found["unreadable"] += [f"{page.path}: {problem}" for problem in head.problems]
    found["reserved"] += [f"{page.path}: {key}" for key in frontmatter.reserved(text)]
    if _HTML.search(head.body):
        found["html"].append(page.path)
    if _LIQUID.search(text):
        found["liquid"].append(page.path)
    for link in _LINK.finditer(head.body):
        at, picture_at = link.start(), head.body[: link.start()].rfind("![")
        is_picture = picture_at >= 0 and "]" not in head.body[picture_at + 2 : at]
        _follow(found, repository, tip, page.path, link.group(1), is_picture, live)


def _follow(found, repository: Repository, tip: str, path: str, target: str, is_picture: bool, live: set[str]) -> None:
    if _ABSOLUTE.match(target):
        return
    if is_picture:
        place = place_of(target, path)
        found["pictures"] += [] if place and in_collection(repository, tip, place) else [f"{path}: {target[:_SHOWN]}"]
    elif normpath(join(dirname(path), unquote(target.split("#")[0].split("?")[0]).lstrip("/"))) not in live:
        found["links"].append(f"{path}: {target[:_SHOWN]}")
