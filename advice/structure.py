"""Remarks about what a text holds: who does what, the regulation, its length, its roles and its links."""

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process

from advice.blocks import Block
from advice.context import Context
from advice.duties import Asked, says_who
from advice.links import Target, heading_names
from advice.remarks import Remark, quoted
from core.errors import N_
from core.periods import period

NEAR = 85.0                 # of 100: "Branch manger" and "Branch manager" are at 96, "Broker" and "Broker desk" at 71
MANY_ROLES = 5              # from then on a space has its usual names, and a new one is worth a word


def about_whole(found: Sequence[Block], asked: Asked, context: Context, words: int) -> Iterator[Remark]:
    """Yield what is missing from the text, and whether it is longer than its space wants."""
    quote, line = quoted(context.title), context.skip + 1
    if not asked.duties and not asked.nobodys and not _says_elsewhere(found):
        yield Remark("duties", N_("This does not say who does what. A table of who, what and by when answers the first question of every reader."), quote, line, line)
    if not context.names_regulation and not any(context.rules.regulation.search(block.words) for block in found):
        yield Remark("regulation", N_("No regulation is named. The line “regulations” at the head of the text says what this answers."), quote, line, line)
    if context.review_every and period(context.review_every) is None:
        yield Remark(
            "review", N_("How often it is reviewed, “%(every)s”, cannot be read, so no review date comes of it. Write it as 12 months, 1 year or 90 days."),
            quote, line, line, {"every": quoted(context.review_every)},
        )
    if context.words_budget is not None and words > context.words_budget:
        yield Remark(
            "budget", N_("%(words)s words, and this space asks for at most %(budget)s. What tells how could be a tip; what repeats the regulation could name it."),
            quote, line, line, {"words": words, "budget": context.words_budget},
        )


def about_rows(asked: Asked) -> Iterator[Remark]:
    """Yield the rows that ask something of nobody."""
    for line, task in asked.nobodys:
        yield Remark("actor", N_("Who does this? The row says what, and not who."), quoted(task), line + 1, line + 1)


def about_roles(asked: Asked, context: Context) -> Iterator[Remark]:
    """Yield the roles that no other procedure of the space knows: those near to a known one, others where there are many."""
    seen = set(context.roles)
    for duty in asked.duties:
        if duty.slug in seen:
            continue
        seen.add(duty.slug)
        near = _near(duty.slug, context.roles)
        if near:
            params = {"role": duty.role, "known": context.roles[near]}
            yield Remark("role", N_("Nobody is called this elsewhere in the space. Did you mean “%(known)s”?"), quoted(duty.role), duty.line, duty.line, params, "use")
        elif len(context.roles) >= MANY_ROLES and duty.slug not in context.own:
            yield Remark("role", N_("No other procedure of this space asks anything of this role. Is it its usual name?"), quoted(duty.role), duty.line, duty.line)


def about_links(targets: Sequence[Target], found: Sequence[Block], context: Context) -> Iterator[Remark]:
    """Yield the links, codes and anchors that lead nowhere, each once."""
    anchors = set(heading_names(block.raw for block in found if block.kind == "heading")) if targets else set()
    told: set[str] = set()
    for target in targets:
        is_dead = target.name not in anchors if target.kind == "anchor" else target.name in context.dead
        if is_dead and target.shown not in told:
            told.add(target.shown)
            yield Remark("link", _NOWHERE[target.kind], quoted(target.shown), target.line + 1, target.line + 1)


_NOWHERE = {
    "path": N_("This link leads nowhere in this space."),
    "code": N_("There is no procedure of this code in this space."),
    "anchor": N_("No heading of this text has this name."),
}


def _says_elsewhere(found: Sequence[Block]) -> bool:
    return any(block.kind == "heading" and says_who(block.words) for block in found)


def _near(slug: str, known) -> str | None:
    if len(slug) < 5:
        return None
    best = process.extractOne(slug, known.keys(), scorer=fuzz.ratio, score_cutoff=NEAR)
    return best[0] if best and not _differ_by_mark(slug, best[0]) else None


def _differ_by_mark(one: str, other: str) -> bool:
    # "Team A" and "Team B", "Level 1" and "Level 2" are two roles, not one misspelt.
    ours, theirs = one.split("-"), other.split("-")
    different = [pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]]
    return len(ours) == len(theirs) and bool(different) and all(re.fullmatch(r"\w|\d+", word) for pair in different for word in pair)
