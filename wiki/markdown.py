"""Markdown to HTML: raw HTML off, links held to safe schemes, and a sanitiser as the second wall."""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from posixpath import dirname, join, normpath
from urllib.parse import quote, unquote, urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from wiki.frontmatter import split, title_of

_LINKIFY_UP_TO = 20_000
_TAGS = {
    "a", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol",
    "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}
_ATTRIBUTES = {
    "a": {"href", "title"}, "h2": {"id", "data-n"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"}, "ol": {"start"},
    "img": {"src", "alt", "title"}, "th": {"scope"}, "td": set(), "div": {"class", "tabindex", "role", "aria-label"},
    "code": {"class"},
}
_MOST_COLUMNS = 3       # that a phone shows as short entries; more need a box that scrolls
_FRAME = '<div class="wide" tabindex="0" role="group" aria-label="Table">\n'
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Rendered:
    """A text as HTML, with its title, which the page prints itself, and its number of words."""

    html: str
    title: str
    headings: tuple[tuple[int, str, str], ...]
    words: int


def render(text: str, *, path: str = "", slug: str = "") -> Rendered:
    """Return a rule as HTML. Relative links lead to `/spaces/<slug>/file/…`, where a file leads to its procedure."""
    body, title = split(text).body, title_of(text, path)
    parser = _parser(linkify=len(body) < _LINKIFY_UP_TO, post=False)
    tokens = _without_title(parser.parse(body), title)
    headings = _number(tokens)
    for token in tokens:
        _lead(token.children or [], path, slug)
    _scope(tokens)
    html = _clean(parser.renderer.render(_framed(tokens), parser.options, {}))
    return Rendered(html, title, tuple(headings), len(_words(html).split()))


def render_post(body: str) -> str:
    """Return a post as HTML: the same safety, line ends kept, no pictures and no big headings."""
    parser = _parser(linkify=len(body) < _LINKIFY_UP_TO, post=True)
    tokens = parser.parse(body)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h4"
        _lead(token.children or [], "", "")
    return _clean(parser.renderer.render(tokens, parser.options, {}))


def plain(text: str) -> str:
    """Return a text as plain words, for the index: front matter and marks off."""
    return _words(_clean(_parser(linkify=False, post=False).render(split(text).body)))


def _words(html: str) -> str:
    spaced = re.sub(r"(?<![.!?…:;,])</t[dh]>", ". ", html)
    spaced = re.sub(r"</t[dh]>", " ", spaced)
    spaced = re.sub(r"</(p|li|h\d|tr|pre|blockquote)>|<br>", "\n", spaced)
    return unescape(_TAG.sub("", spaced)).strip()


@lru_cache(maxsize=4)
def _parser(*, linkify: bool, post: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": linkify, "breaks": post, "maxNesting": 50})
    parser.enable(["table", "strikethrough"])
    if linkify:
        parser.enable("linkify")
    if post:
        parser.disable("image")
    return parser


def _without_title(tokens: list[Token], title: str) -> list[Token]:
    opened = tokens[:3]
    if len(opened) == 3 and opened[0].type == "heading_open" and " ".join(opened[1].content.split()) == title:
        return tokens[3:]
    return tokens


def _number(tokens: list[Token]) -> list[tuple[int, str, str]]:
    """Give headings prefixed ids, so that none can take the name of something else on the page, and sections numbers."""
    found, sections, seen = [], 0, {}
    for at, token in enumerate(tokens):
        if token.type == "heading_close" and token.tag == "h1":
            token.tag = "h2"
        if token.type != "heading_open":
            continue
        token.tag = "h2" if token.tag == "h1" else token.tag
        words = tokens[at + 1].content
        name = re.sub(r"[^\w]+", "-", words.lower()).strip("-")[:60] or "section"
        seen[name] = seen.get(name, 0) + 1
        token.attrSet("id", f"s-{name}" + (f"-{seen[name]}" if seen[name] > 1 else ""))
        if token.tag == "h2":
            sections += 1
            token.attrSet("data-n", str(sections))
        found.append((int(token.tag[1]), token.attrs["id"], words))
    return found


def _lead(tokens: list[Token], path: str, slug: str) -> None:
    for token in tokens:
        if token.type == "link_open":
            token.attrSet("href", _target(str(token.attrs.get("href", "")), path, slug))
        elif token.type == "image" and not str(token.attrs.get("src", "")).startswith("data:image/"):
            _picture_as_words(token)


def _picture_as_words(token: Token) -> None:
    words = token.content or str(token.attrs.get("src", ""))
    token.type, token.tag, token.content, token.children = "text", "", f"[{words}]", None


def _target(href: str, path: str, slug: str) -> str:
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or href.startswith(("/", "#")) or not parts.path or not slug:
        return "#s-" + href[1:] if href.startswith("#") and not href.startswith("#s-") else href
    inside = normpath(join(dirname(path), unquote(parts.path)))
    if inside.startswith("..") or any(ord(c) < 32 for c in inside):
        return ""
    return f"/spaces/{slug}/file/{quote(inside)}"


def _scope(tokens: list[Token]) -> None:
    in_head = False
    for at, token in enumerate(tokens):
        if token.type == "thead_open":
            in_head = True
        elif token.type == "thead_close":
            in_head = False
        elif token.type == "th_open":
            token.attrs = {"scope": "col"}
        elif token.type == "td_open":
            token.attrs = {}
            if tokens[at - 1].type == "tr_open" and tokens[at + 1].content:
                _row_head(tokens, at)


def _row_head(tokens: list[Token], at: int) -> None:
    tokens[at].tag = tokens[at + 2].tag = "th"
    tokens[at].attrs = {"scope": "row"}


def _framed(tokens: list[Token]) -> list[Token]:
    """Put each table that is too wide for a phone into a box that scrolls, by keyboard as well."""
    framed: list[Token] = []
    is_wide = False
    for at, token in enumerate(tokens):
        if token.type == "table_open":
            is_wide = _columns(tokens, at) > _MOST_COLUMNS
            framed += [Token("html_block", "", 0, content=_FRAME)] if is_wide else []
        framed.append(token)
        if token.type == "table_close" and is_wide:
            framed.append(Token("html_block", "", 0, content="</div>\n"))
    return framed


def _columns(tokens: list[Token], at: int) -> int:
    """Return how many columns the table that opens at a token has."""
    found = 0
    while tokens[at].type != "tr_close":
        found += tokens[at].type == "th_open"
        at += 1
    return found


def _clean(html: str) -> str:
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto", "tel"}, link_rel="noopener noreferrer",
        strip_comments=True,
    )
