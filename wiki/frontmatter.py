"""Front matter: a few facts at the head of a file. It is read safely and never has authority over state or rights."""

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import yaml

from core.errors import N_

LONGEST = 16 * 1024
_DEEPEST = 20
_FENCED = re.compile(r"\A---[ \t]*\r?\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_RESERVED = re.compile(r"(?i)^(status|state|version|code|space|approv\w*|in[-_ ]?force\w*|visibility|published?\w*|digest|commit)$")
_KNOWN = {"title", "owner", "applies_to", "regulations", "review_every", "language", "translation_of"}


@dataclass(frozen=True)
class FrontMatter:
    """What a file's head says, the text after it, and what was wrong, in sentences."""

    facts: dict = field(default_factory=dict)
    body: str = ""
    problems: tuple[str, ...] = ()


class _Loader(yaml.SafeLoader):
    """Safe loading without aliases, dates, duplicate keys or things in things in things."""

    depth = 0

    def compose_node(self, parent, index):
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not taken")
        self.depth += 1
        if self.depth > _DEEPEST:
            raise yaml.YAMLError("too deep")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict:
    found: dict = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str | int | float) or key in found:
            raise yaml.YAMLError("a key is doubled or is no word")
        found[str(key)] = loader.construct_object(value_node, deep=True)
    return found


def _words(loader: _Loader, node: yaml.ScalarNode) -> str:
    # An escape can write what no file can hold: NUL, or half a character; two halves in a row are one character.
    whole = loader.construct_scalar(node).encode("utf-16", "surrogatepass").decode("utf-16")
    if "\x00" in whole:
        raise yaml.YAMLError("NUL is not taken")
    return whole


_Loader.add_constructor("tag:yaml.org,2002:str", _words)
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))


def split(text: str) -> FrontMatter:
    """Return a file's facts and the text after them. Never raises: what cannot be read is a problem in words."""
    found = _FENCED.match(text.removeprefix("\ufeff"))
    if found is None:
        return FrontMatter(body=text.removeprefix("\ufeff"))
    body = text.removeprefix("\ufeff")[found.end() :]
    if len(found.group(1)) > LONGEST:
        return FrontMatter(body=body, problems=(N_("The front matter is too long to be read."),))
    try:
        facts = yaml.load(found.group(1), _Loader) or {}
    except (yaml.YAMLError, ValueError, RecursionError):
        return FrontMatter(body=body, problems=(N_("The front matter cannot be read."),))
    if not isinstance(facts, dict):
        return FrontMatter(body=body, problems=(N_("The front matter is not a list of names and values."),))
    return FrontMatter(facts=facts, body=body)


def lines_before(text: str) -> int:
    """Return how many lines stand before a file's text: those of its front matter."""
    return text[: len(text) - len(split(text).body)].count("\n")


def reserved(text: str) -> list[str]:
    """Return the keys of a file's front matter that claim an authority it does not have."""
    return [key for key in split(text).facts if _RESERVED.match(key)]


def refusals(text: str) -> list[str]:
    """Return why a person's save of this file is refused, in sentences; nothing if it can be taken."""
    found = split(text)
    claimed = reserved(text)
    told = list(found.problems)
    if claimed:
        told.append(N_("The front matter cannot say status, version, code, space or approval: the site keeps these."))
    return told


def title_of(text: str, path: str) -> str:
    """Return a file's title: from its front matter, else its first heading, else the file's name."""
    found = split(text)
    title = found.facts.get("title")
    if isinstance(title, str | int | float) and title is not True and str(title).strip():
        return " ".join(str(title).split())
    heading = _HEADING.search(found.body)
    if heading and heading.group(1).strip():
        return " ".join(heading.group(1).split())
    return PurePosixPath(path).stem or path
