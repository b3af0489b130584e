"""Fill a site for measuring: N procedures × R versions and M posts, through the same verbs as everybody's."""

import random
from dataclasses import dataclass
from itertools import accumulate

from sqlalchemy import select

from accounts import actors, grants, people, spaces, tokens
from accounts.models import Space
from core.database import Database
from discussions import posts, threads
from wiki import changes, sending
from wiki.drafts import Draft, DraftText
from wiki.models import Procedure
from wiki.repository import Library

_AT_ONCE = 50
_DIFFERENT_WORDS = 15_000


def _lexicon() -> tuple[list[str], list[float]]:
    """Return words and their summed weights: few are common and most are rare, as in a language without its stop words."""
    syllables = [a + b for a in "bdfgklmnprstv" for b in "aeiou"]
    made = random.Random(15)
    words = list(dict.fromkeys("".join(made.choices(syllables, k=made.choice((2, 3, 3, 4)))) for _ in range(2 * _DIFFERENT_WORDS)))
    return words[:_DIFFERENT_WORDS], list(accumulate(1 / (rank + 30) for rank in range(_DIFFERENT_WORDS)))


_WORDS, _WEIGHTS = _lexicon()


@dataclass(frozen=True)
class Filled:
    """What the measuring needs to know of the site."""

    email: str
    password: str
    token: str
    codes: list[str]


def fill(database: Database, library: Library, *, procedures: int, versions: int, posts_wanted: int) -> Filled:
    """Fill an empty site; all procedures stand in one space that asks for no approval, the worst case for one tree."""
    chance = random.Random(2012)
    password = "a long enough password"
    with database.transaction() as session:
        person = people.add(session, None, email="bench@bank.example", name="Bea Bench", password=password)
        space = spaces.add(session, None, slug="bench", name="Bench", approvals=0, prefix="BEN")
        grants.grant(session, None, space, person, "author")
        token = tokens.add(session, None, person, name="bench")
    codes = _fill_rule(database, library, chance, person.id, procedures, versions)
    _fill_practice(database, library, chance, person.id, codes, posts_wanted)
    return Filled("bench@bank.example", password, token, codes)


def _fill_rule(database, library, chance, person: str, procedures: int, versions: int) -> list[str]:
    for start in range(0, procedures, _AT_ONCE):
        _publish(database, library, person, [DraftText(markdown=_text(chance)) for _ in range(min(_AT_ONCE, procedures - start))])
    with database.reading() as session:
        codes = list(session.scalars(select(Procedure.code).order_by(Procedure.id)))
    for _ in range(versions - 1):
        for start in range(0, procedures, _AT_ONCE):
            part = codes[start : start + _AT_ONCE]
            _publish(database, library, person, [DraftText(code=code, markdown=_text(chance)) for code in part])
    return codes


def _publish(database, library, person: str, texts: list[DraftText]) -> None:
    with database.transaction() as session:
        actor = actors.by_id(session, person)
        space = session.scalar(select(Space).where(Space.slug == "bench"))
        change = changes.open_change(session, library, actor, space, Draft("A new version", None, tuple(texts)))
        sending.submit(session, library, actor, change.id)


def _fill_practice(database, library, chance, person: str, codes: list[str], wanted: int) -> None:
    per_procedure = max(1, wanted // len(codes))
    for start in range(0, len(codes), 20):
        with database.transaction() as session:
            actor = actors.by_id(session, person)
            space = session.scalar(select(Space).where(Space.slug == "bench"))
            for code in codes[start : start + 20]:
                procedure = session.scalar(select(Procedure).where(Procedure.code == code))
                _talk(session, library, actor, space, procedure, chance, per_procedure)


def _talk(session, library, actor, space, procedure, chance, many: int) -> None:
    thread = None
    for number in range(many):
        if number % 5 == 0:
            kind = ("question", "tip", "gap")[number // 5 % 3]
            thread = threads.open_thread(session, library, actor, space, procedure, kind=kind, body=_sentence(chance, 60))
        else:
            posts.reply(session, actor, thread, _sentence(chance, 60))


def _text(chance) -> str:
    parts = [f"# {_sentence(chance, 5).rstrip('.')}\n"]
    for head in ("Principle", "Who does what", "When we refuse", "What we keep"):
        body = "\n\n".join(" ".join(_sentence(chance, 14) for _ in range(5)) for _ in range(3))
        parts.append(f"## {head}\n\n{body}\n")
    return "\n".join(parts)


def _sentence(chance, words: int) -> str:
    return " ".join(chance.choices(_WORDS, cum_weights=_WEIGHTS, k=words)).capitalize() + "."
