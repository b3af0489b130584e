"""Remarks about how a text is worded: how instead of what, steps of nobody, passives, vague and long sentences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from advice.blocks import Block, Row
from advice.context import Context
from advice.duties import Asked
from advice.languages import Language
from advice.remarks import Remark, quoted
from advice.sentences import count, parts, sentences
from core.errors import N_

_HOW_TIP = N_("This tells how, and will be wrong the day the screen changes. It would live longer as a tip beside the rule, under your name.")
_HOW_LATER = N_("This tells how, and will be wrong the day the screen changes. Once the procedure is published, it would live longer as a tip beside it.")
_HOW_CELL = N_("This tells how, and will be wrong the day the screen changes. Say what must be done; a tip beside the rule can tell how.")
_VAGUE = N_("Who decides this, and by when? A role and a delay would leave no doubt.")


def about_how(found: Sequence[Block], context: Context) -> Iterator[Remark]:
    """Yield the paragraphs and lists that tell how: a hand on a screen, which belongs to the practice."""
    done = set()
    for at, block in enumerate(found):
        if block.start in done or not _tells_how(block.words, context.rules) or block.kind not in ("paragraph", "item", "quote", "table"):
            continue
        if block.kind == "table":
            yield from _how_in_table(block, context.rules)
            continue
        run = _run(found, at, context.rules) if block.kind == "item" else [block]
        done |= {one.start for one in run}
        words = " ".join(one.words for one in run)
        sentence, act = (_HOW_TIP, "tip") if context.is_published else (_HOW_LATER, None)
        yield Remark("how", sentence, quoted(words), run[0].start + 1, run[-1].end, act=act)


def about_steps(found: Sequence[Block], asked: Asked, context: Context) -> Iterator[Remark]:
    """Yield the lists whose steps begin with what to do, where nothing before them says who."""
    rules, seen = context.rules, set()
    for block in found:
        if block.kind != "item" or block.list_start in seen or not rules.step.match(block.words):
            continue
        seen.add(block.list_start)
        if not _goes_on(block, rules) and not _names_somebody(block, asked, context) and not _tells_how(block.words, rules):
            yield Remark("actor", N_("Who does this? Name the role once, before the list or in the step."), quoted(block.words), block.start + 1, block.end)


def about_sentences(found: Sequence[Block], context: Context) -> Iterator[Remark]:
    """Yield what single sentences leave open: who, when, whether; and the ones that must be read twice."""
    for block in found:
        if block.kind in ("paragraph", "item"):
            for sentence in sentences(block.words):
                for remark in _about(sentence.words, context.rules):
                    line = block.start + 1 + block.words.count("\n", 0, sentence.at)
                    yield replace(remark, line=line, end_line=line)
        elif block.kind == "table":
            for row in block.rows[1:]:
                yield from _about_row(row, context.rules)


def _about_row(row: Row, rules: Language) -> Iterator[Remark]:
    # The cells of a row are no sentences: only a task or a delay that is left to somebody is worth a word.
    for cell in row.cells:
        if rules.vague.search(cell):
            yield Remark("vague", _VAGUE, quoted(cell), row.line + 1, row.line + 1)


def _about(words: str, rules: Language) -> Iterator[Remark]:
    line, quote = 0, quoted(words)
    if _is_left(words, rules.vague, rules):
        yield Remark("vague", _VAGUE, quote, line, line)
    elif _is_passive(words, rules):
        yield Remark("passive", N_("Who does it? Begin with the role: the sentence gets shorter and leaves no doubt."), quote, line, line)
    elif _is_left(words, rules.weak, rules):
        yield Remark("weak", N_("Must it be done, or is it advice? If it must, say who does it; advice lives better as a tip."), quote, line, line)
    longest = max((count(part) for part in parts(words)), default=0) if len(words) > 4 * rules.longest_sentence else 0
    if longest > rules.longest_sentence:
        yield Remark("long", N_("%(words)s words in one sentence. Two sentences would be read once, not twice."), quote, line, line, {"words": longest})


def _is_passive(words: str, rules: Language) -> bool:
    if rules.forbids.match(words):
        return False
    return any(
        (found["done"] or found["act"]).lower() not in rules.statives
        and not rules.before.search(_clause(words, found.start()))
        and not rules.agent.match(words, found.end())
        for found in rules.passive.finditer(words)
    )


def _is_left(words: str, pattern: re.Pattern, rules: Language) -> bool:
    return any(not rules.before.search(_clause(words, found.start())) for found in pattern.finditer(words))


def _clause(words: str, end: int) -> str:
    """Return what stands before a place in its own clause, three hundred characters at most."""
    inner = end - 1 if words[end - 2 : end] != ", " else end - 3
    start = max(words.rfind(mark, max(0, end - 300), max(0, inner)) for mark in ",;:(–—") + 1
    return words[max(start, end - 300) : end]


def _tells_how(words: str, rules: Language) -> bool:
    if rules.gesture.search(words):
        return True
    return bool(rules.screen.search(words) and rules.hand.search(words))


def _run(found: Sequence[Block], at: int, rules: Language) -> list[Block]:
    """Return the items that tell how from `at` on, one after the other in one list."""
    run = [found[at]]
    for block in found[at + 1 :]:
        if block.kind != "item" or block.list_start != run[0].list_start or not _tells_how(block.words, rules):
            break
        run.append(block)
    return run


def _how_in_table(block: Block, rules: Language) -> Iterator[Remark]:
    for row in block.rows[1:]:
        cell = next((cell for cell in row.cells if _tells_how(cell, rules)), None)
        if cell:
            yield Remark("how", _HOW_CELL, quoted(cell), row.line + 1, row.line + 1)


def _goes_on(block: Block, rules: Language) -> bool:
    """Say whether an item goes on with a sentence before its list, whose subject is whoever acts."""
    return block.lead.endswith(":") and not rules.opening.match(block.lead)


def _names_somebody(block: Block, asked: Asked, context: Context) -> bool:
    around = f"{block.section} {block.lead} {block.words}"
    if context.rules.lead.search(around):
        return True
    folded = around.casefold()
    return any(role.casefold() in folded for role in (*context.roles.values(), *(duty.role for duty in asked.duties)))
