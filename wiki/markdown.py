"""Markdown to HTML: raw HTML off, links held to safe schemes, and a sanitiser as the second wall."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from posixpath import dirname, join, normpath
from urllib.parse import quote, unquote, urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from advice.links import heading_names
from wiki.frontmatter import split, title_of

MOST_LINKS = 5_000         # of one text, counted by their opening brackets: above, a text shows its links as it is written
_LINKIFY_UP_TO = 20_000
_TAGS = {
    "a", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol",
    "p", "pre", "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}
_ATTRIBUTES = {
    "a": {"href", "title"}, "h2": {"id", "data-n"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"}, "ol": {"start"},
    "img": {"src", "alt", "title"}, "th": {"scope"}, "td": set(), "div": {"class", "tabindex", "role", "aria-label"},
    "code": {"class"}, "span": {"class"},
}
_MOST_COLUMNS = 3       # that a phone shows as short entries; more need a box that scrolls
_FRAME = '<div class="wide" tabindex="0" role="group" aria-label="Table">\n'
_TAG = re.compile(r"<[^>]*>")
Place = Callable[[str], str | None]


def _nowhere(called: str) -> None:
    return None


@dataclass(frozen=True)
class Rendered:
    """A text as HTML, with its title, which the page prints itself, and its number of words."""

    html: str
    title: str
    headings: tuple[tuple[int, str, str], ...]
    words: int


@dataclass(frozen=True)
class Parsed:
    """A text as the parser's tokens, its title taken off: what its page and its PDF are both made from."""

    tokens: list[Token]
    title: str
    headings: tuple[tuple[int, str, str], ...]


def parsed(text: str, *, path: str = "", slug: str = "", picture: Place = _nowhere, file: Place = _nowhere) -> Parsed:
    """Return a rule as tokens. Raw HTML is text in them; links have safe schemes.

    `picture` and `file` give the address of a picture, or of a file linked to, by what the text calls it. A picture that
    has none is its words.
    """
    body, title = split(text).body, title_of(text, path)
    tokens = _without_title(_rule_parser(body).parse(body), title)
    headings = _number(tokens)
    for token in tokens:
        _lead(token.children or [], path, slug, picture, file)
    return Parsed(tokens, title, tuple(headings))


def render(text: str, *, path: str = "", slug: str = "", picture: Place = _nowhere, file: Place = _nowhere) -> Rendered:
    """Return a rule as HTML, as `parsed`. Relative links lead to `/spaces/<slug>/file/…`, where a file leads to its procedure."""
    found = parsed(text, path=path, slug=slug, picture=picture, file=file)
    _scope(found.tokens)
    parser = _rule_parser(text)
    html = _clean(parser.renderer.render(_framed(found.tokens), parser.options, {}))
    return Rendered(html, found.title, found.headings, len(_words(html).split()))


def render_post(body: str, names: Mapping[str, str] | None = None) -> str:
    """Return a post as HTML: the same safety, line ends kept, no pictures and no big headings.

    `names` are words that become links wherever they stand outside code and links, with the address of each.
    """
    parser = _parser(linkify=len(body) < _LINKIFY_UP_TO, post=True)
    tokens = parser.parse(body)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h4"
        _lead(token.children or [], "", "")
        if names and token.children:
            token.children = _linked(token.children, names)
    return _clean(parser.renderer.render(tokens, parser.options, {}))


def _linked(tokens: list[Token], names: Mapping[str, str]) -> list[Token]:
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in sorted(names, key=len, reverse=True)))
    made, within = [], 0
    for token in tokens:
        within += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        made += [token] if within or token.type != "text" else _with_links(token.content, pattern, names)
    return made


def _with_links(words: str, pattern: re.Pattern, names: Mapping[str, str]) -> list[Token]:
    made, at = [], 0
    for match in pattern.finditer(words):
        made += [
            Token("text", "", 0, content=words[at : match.start()]), Token("link_open", "a", 1, attrs={"href": names[match[0]]}),
            Token("text", "", 0, content=match[0]), Token("link_close", "a", -1),
        ]
        at = match.end()
    return [*made, Token("text", "", 0, content=words[at:])]


def plain(text: str) -> str:
    """Return a text as plain words, for the index: front matter and marks off."""
    body = split(text).body
    return _words(_clean(_parser(linkify=False, post=False, links=not has_too_many_links(body)).render(body)))


def has_too_many_links(text: str) -> bool:
    """Say whether a text has so many links, or brackets, that reading them would keep everybody waiting."""
    return text.count("[") > MOST_LINKS


def _rule_parser(body: str) -> MarkdownIt:
    return _parser(linkify=len(body) < _LINKIFY_UP_TO, post=False, links=not has_too_many_links(body))


def _words(html: str) -> str:
    spaced = re.sub(r"(?<![.!?…:;,])</t[dh]>", ". ", html)
    spaced = re.sub(r"</t[dh]>", " ", spaced)
    spaced = re.sub(r"</(p|li|h\d|tr|pre|blockquote)>|<br>", "\n", spaced)
    return unescape(_TAG.sub("", spaced)).strip()


@lru_cache(maxsize=8)
def _parser(*, linkify: bool, post: bool, links: bool = True) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": linkify, "breaks": post, "maxNesting": 50})
    parser.enable(["table", "strikethrough"])
    if linkify:
        parser.enable("linkify")
    if post or not links:
        parser.disable("image")
    if not links:
        parser.disable(["link", "reference"])
    return parser


def _without_title(tokens: list[Token], title: str) -> list[Token]:
    opened = tokens[:3]
    if len(opened) == 3 and opened[0].type == "heading_open" and " ".join(opened[1].content.split()) == title:
        return tokens[3:]
    return tokens


def _number(tokens: list[Token]) -> list[tuple[int, str, str]]:
    """Give headings prefixed ids, so that none can take the name of something else on the page, and sections numbers."""
    found, sections = [], 0
    names = heading_names(tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open")
    for at, token in enumerate(tokens):
        if token.type == "heading_close" and token.tag == "h1":
            token.tag = "h2"
        if token.type != "heading_open":
            continue
        token.tag = "h2" if token.tag == "h1" else token.tag
        words = tokens[at + 1].content
        token.attrSet("id", f"s-{next(names)}")
        if token.tag == "h2":
            sections += 1
            token.attrSet("data-n", str(sections))
        found.append((int(token.tag[1]), token.attrs["id"], words))
    return found


def _lead(tokens: list[Token], path: str, slug: str, picture: Place = _nowhere, file: Place = _nowhere) -> None:
    for token in tokens:
        called = str(token.attrs.get("href", "") or token.attrs.get("src", ""))
        if token.type == "link_open":
            token.attrSet("href", file(called) or _target(called, path, slug))
        elif token.type == "image" and not called.startswith("data:image/"):
            _show(token, picture(called))


def _show(token: Token, address: str | None) -> None:
    if address is not None:
        token.attrSet("src", address)
        return
    words = token.content or str(token.attrs.get("src", ""))
    token.type, token.tag, token.children = "html_inline", "", None
    token.content = f'<span class="no-picture">[{escape(words)}]</span>'


def _target(href: str, path: str, slug: str) -> str:
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or href.startswith(("/", "#")) or not parts.path or not slug:
        return "#s-" + href[1:] if href.startswith("#") and not href.startswith("#s-") else href
    inside = inside_of(parts.path, path)
    return f"/spaces/{slug}/file/{quote(inside)}" if inside else ""


def inside_of(relative: str, path: str) -> str | None:
    """Return the place in the collection that a relative path in the file at `path` means, None if it is outside."""
    inside = normpath(join(dirname(path), unquote(relative)))
    return None if inside.startswith(("..", "/")) or any(ord(c) < 32 for c in inside) else inside


def _scope(tokens: list[Token]) -> None:
    for at, token in enumerate(tokens):
        if token.type == "th_open":
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
