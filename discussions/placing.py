"""Threads beside the text that holds now: where each one's words stand, and whether it waits for a check."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from accounts.models import Space
from core import clock
from discussions import anchors
from discussions.anchors import Anchor
from discussions.models import Thread, ThreadCheck
from wiki.markdown import render
from wiki.models import Procedure, Version
from wiki.procedures import text_of
from wiki.repository import Library
from wiki.standing import Standing, standing

ENOUGH_MEMBERS = 2
_LINE_END = re.compile(r"</(?:p|li|h\d|t[dhr]|d[dt]|pre|blockquote)>|<br\s*/?>")
_AS_TYPED = re.compile(r"(<pre\b.*?</pre>)|\n", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
# Built once: every page with threads on it asks.
_CHECKS = select(ThreadCheck).where(ThreadCheck.thread_id.in_(bindparam("threads", expanding=True))).order_by(ThreadCheck.id)
_VERSIONS = (
    select(Space, Version)
    .join(Procedure, Procedure.id == Version.procedure_id)
    .join(Space, Space.id == Procedure.space_id)
    .where(Version.procedure_id.in_(bindparam("procedures", expanding=True)))
)


@dataclass(frozen=True)
class Placement:
    """A thread beside the version that holds: the place of its words, the words there now, and what was said of it."""

    anchor: Anchor
    version: int | None             # in force now
    words: str = ""
    checks: tuple[ThreadCheck, ...] = ()
    needs_check: bool = False


NOWHERE = Placement(anchors.NONE, None)


def words_of(library: Library, space: Space, standing: Standing) -> str | None:
    """Return the plain text that speaks for a procedure: in force, or waiting where nothing was yet; None if retired."""
    version = standing.shown if standing.state != "retired" else None
    return plain_text(text_of(library, space, version)) if version else None


@lru_cache(maxsize=256)
def plain_text(text: str) -> str:
    """Return a rule's words as a reader selects them, a line per paragraph and cell. Kept: a page asks for every thread."""
    # Where a line was broken in the file says nothing: a paragraph is one line, so that wrapping it anew moves no words.
    html = _AS_TYPED.sub(lambda found: found[1] or " ", render(text).html)
    return unescape(_TAG.sub("", _LINE_END.sub("\n", html))).strip()


def placements(session: Session, library: Library, threads: Sequence[Thread]) -> dict[str, Placement]:
    """Return where each thread stands, by its id, in a constant number of statements."""
    quoted = [thread for thread in threads if thread.quote and thread.procedure_id]
    standings = _standings(session, library, {thread.procedure_id for thread in quoted})
    checks = checks_of(session, quoted)
    texts = {id: words_of(library, space, found) for id, (space, found) in standings.items()}
    placed = {
        thread.id: placement(thread, standings[thread.procedure_id][1], texts[thread.procedure_id], checks.get(thread.id, ()))
        for thread in quoted
    }
    return {thread.id: placed.get(thread.id, NOWHERE) for thread in threads}


def placement(thread: Thread, standing: Standing, text: str | None, checks: Sequence[ThreadCheck]) -> Placement:
    """Return where one thread stands in the words that hold now."""
    anchor, words = spot(thread, text)
    version = standing.in_force.number if standing.in_force else None
    held = tuple(check for check in checks if check.version == version or check.words == words)
    waits = (
        anchor.state in ("altered", "gone")
        and version not in (None, thread.version)
        and (thread.kind == "tip" or thread.accepted_post_id is not None)
        and verdict_of(held) is None
    )
    return Placement(anchor, version, words, held, waits)


def spot(thread: Thread, text: str | None) -> tuple[Anchor, str]:
    """Return where a thread's words stand in a plain text, and the words there."""
    anchor = _found(text, thread.quote, thread.prefix, thread.suffix, thread.copies, thread.is_told_apart)
    return anchor, (text or "")[anchor.start : anchor.end]


@lru_cache(maxsize=2048)
def _found(text: str | None, quote: str, prefix: str, suffix: str, copies: int, told_apart: bool) -> Anchor:
    # A page is made anew with every message beside it, and each time asks the same of every thread before.
    return anchors.find(text, quote, prefix, suffix, copies, told_apart=told_apart)


def gathered(threads: Iterable[Thread], placed: Mapping[str, Placement]) -> list[list[Thread]]:
    """Return the threads whose words stand in the text, those whose words overlap together, in the order of the rule."""
    groups: list[list[Thread]] = []
    end = -1
    standing_there = [thread for thread in threads if placed[thread.id].words]
    for thread in sorted(standing_there, key=lambda thread: (placed[thread.id].anchor.start, -placed[thread.id].anchor.end)):
        anchor = placed[thread.id].anchor
        if anchor.start >= end:
            groups.append([])
        groups[-1].append(thread)
        end = max(end, anchor.end)
    return groups


def verdict_of(checks: Sequence[ThreadCheck]) -> str | None:
    """Return what settles a check, the last word first: the thread's author or an animator, or two members who agree."""
    newest = sorted(checks, key=lambda check: check.at, reverse=True)
    for check in newest:
        agreeing = {other.person_id for other in checks if other.verdict == check.verdict}
        if check.settles or len(agreeing) >= ENOUGH_MEMBERS:
            return check.verdict
    return None


def checks_of(session: Session, threads: Sequence[Thread]) -> dict[str, list[ThreadCheck]]:
    """Return what was said of these threads, by thread."""
    found: dict[str, list[ThreadCheck]] = {}
    ids = [thread.id for thread in threads]
    for check in session.scalars(_CHECKS, {"threads": ids}):
        found.setdefault(check.thread_id, []).append(check)
    return found


def _standings(session: Session, library: Library, ids: Iterable[int]) -> dict[int, tuple[Space, Standing]]:
    rows = session.execute(_VERSIONS, {"procedures": list(ids)}).all()
    versions: dict[int, list[Version]] = {}
    spaces: dict[int, Space] = {}
    for space, version in rows:
        versions.setdefault(version.procedure_id, []).append(version)
        spaces[version.procedure_id] = space
    today = clock.today(library.zone)
    return {id: (spaces[id], standing(found, today)) for id, found in versions.items()}
