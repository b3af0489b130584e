"""Naming people in a message: `@Anne Martin` leads to her page. Only people who may read the thread, and whom its writer knows.

A name that means nobody, or several people, stays plain words, so that typing names tells nothing about who is here. Of
several people of one name, the team in brackets tells which: `@Anne Martin (Branches)`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.models import Person, Space
from accounts.policy import known_to, readers_of
from core import text
from core.errors import Invalid, N_
from discussions.models import Mention, Post
from wiki.markdown import render_post

MOST = 20               # people named in one message
_MOST_SIGNS = 1000      # looked at in one message
_SHOWN = 8              # offered while somebody types
_LONGEST = 8            # words of a name with its team
_AT = re.compile(r"(?<![\w@./])@(?=\w)")
_LINK = re.compile(r'<a href="/people/([a-z0-9]+)"[^>]*>(@[^<]+)</a>')
_MARKS = ".,;:!?…»”\"'’*_"
_APOSTROPHE = re.compile("[’'](?=[^’']*$)")     # the last one
_folded = lru_cache(50_000)(text.folded)


@dataclass(frozen=True)
class Mentionable:
    """Somebody who can be named here; `written` is how, after the @."""

    id: str
    name: str
    written: str


@dataclass(frozen=True)
class Rendered:
    """A message as HTML, and the ids of the people it names."""

    html: str
    people: tuple[str, ...] = ()


def mentionable(session: Session, actor: Actor, space: Space) -> list[Mentionable]:
    """Return whom the actor can name in a space, by name, in one statement."""
    rows = session.execute(
        select(Person.id, Person.name, Person.team)
        .where(readers_of(space), known_to(actor))
        .order_by(Person.name, Person.id)
    ).all()
    names = [_folded(name) for _, name, _ in rows]
    several = {name for name, count in Counter(names).items() if count > 1}
    return [
        Mentionable(id, name, f"{name} ({team})" if folded in several and team else name)
        for (id, name, team), folded in zip(rows, names, strict=True)
    ]


def written(session: Session, actor: Actor, space: Space, person: Person) -> str:
    """Return how a person is named in a message, so that nobody else of the same name is meant."""
    return next((one.written for one in mentionable(session, actor, space) if one.id == person.id), person.name)


def completed(session: Session, actor: Actor, space: Space, typed: str) -> list[Mentionable]:
    """Return those whose name, or a word of it, begins with what was typed, the actor left out."""
    asked = _folded(typed[:120])
    found = [one for one in mentionable(session, actor, space) if one.id != actor.id and asked and _begins(one, asked)]
    return sorted(found, key=lambda one: not _folded(one.name).startswith(asked))[:_SHOWN]


def _begins(one: Mentionable, asked: str) -> bool:
    name = _folded(one.name)
    return name.startswith(asked) or f" {asked}" in name.replace("-", " ")


def rendered(session: Session, actor: Actor, space: Space, body: str) -> Rendered:
    """Return a message as HTML, with the people it names as links to them. Raises: Invalid where it names too many."""
    if not _AT.search(body):
        return Rendered(render_post(body))
    too_many = len(_AT.findall(body)) > _MOST_SIGNS
    named = {} if too_many else named_in(body, mentionable(session, actor, space))
    if too_many or len(set(named.values())) > MOST:
        raise Invalid(N_("A message can name at most %(most)s people."), field="body", most=MOST)
    html = render_post(body, {written: f"/people/{id}" for written, id in named.items()})
    # Not in code, and not what somebody linked by hand to whomever they liked.
    linked = {id for id, _ in _LINK.findall(html)}
    return Rendered(html, tuple(id for id in dict.fromkeys(named.values()) if id in linked))


def named_in(body: str, people: list[Mentionable]) -> dict[str, str]:
    """Return the ids of the people that a message names, by the words that name each, the @ included."""
    known: dict[str, str | None] = {}
    for one in people:
        for words in {_folded(one.name), _folded(one.written)}:
            known[words] = None if words in known else one.id
    beginnings = {words.partition(" ")[0] for words in known}
    found = (_named_at(body, match.end(), known, beginnings) for match in _AT.finditer(body))
    return {f"@{written}": id for written, id in filter(None, found)}


def _named_at(body: str, start: int, known: Mapping[str, str | None], beginnings: set[str]) -> tuple[str, str] | None:
    line = body[start : start + 220].split("\n", 1)[0]
    words = list(re.finditer(r"\S+", line))[:_LONGEST]
    # Most of what follows an @ begins no name at all, and is not looked at any longer.
    if not any(_folded(line[:end]) in beginnings for end in _ends(words[0])):
        return None
    for word in reversed(words):
        for end in _ends(word):
            if end and (id := known.get(_folded(line[:end]))):
                return line[:end], id
    return None


def _ends(word: re.Match) -> Iterator[int]:
    """Yield where a name could end within its last word: whole, before punctuation, before the last or first apostrophe."""
    whole = word[0]
    for cut in (whole, whole.rstrip(_MARKS), whole.rstrip(_MARKS + ")"), *_APOSTROPHE.split(whole, 1)[:1], re.match(r"[\w-]*", whole)[0]):
        yield word.start() + len(cut)


def keep(session: Session, post: Post, people: Sequence[str]) -> None:
    """Keep whom a message names now."""
    if post.edited_at:
        session.execute(delete(Mention).where(Mention.post_id == post.id))
    session.add_all(Mention(post_id=post.id, person_id=id) for id in people)
    session.flush()


def links_in(html: str) -> dict[str, str]:
    """Return where the names in a message's HTML lead, so that a part of it can be rendered with the same ones."""
    return {written: f"/people/{id}" for id, written in _LINK.findall(html)}
