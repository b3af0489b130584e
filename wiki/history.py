"""The past of a collection: every revision of every page along first parents, renames followed.

A function of the objects, the site's zone and the day of import alone, so that it can be read again at any time.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.errors import Invalid, N_

MARKDOWN = re.compile(r"(?i)\.(md|markdown|mdown)$")
_FORMAT = "--format=%x01%H%x00%an%x00%ct%x00%B%x00"
# A symbolic link is a page too, whose text is where it points: it is never followed. A submodule is not.
_PAGE_MODES = (b"100644", b"100755", b"100664", b"120000")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f<>]")
ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8",
    "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
}


@dataclass(frozen=True)
class Revision:
    """One text of a page, or its end: `blob` None."""

    number: int
    action: str             # create, amend, retire, restore
    commit: str
    author: str
    at: datetime
    day: date               # from which it holds: never earlier than the one before it
    reason: str
    path: str
    blob: str | None


@dataclass
class Page:
    """One page with its revisions, oldest first."""

    path: str
    revisions: list[Revision] = field(default_factory=list)

    @property
    def is_live(self) -> bool:
        """Whether it has a text at the tip."""
        return self.revisions[-1].blob is not None


@dataclass(frozen=True)
class _Step:
    status: str
    mode: bytes
    blob: str
    path: str
    old_path: str | None


@dataclass(frozen=True)
class _Commit:
    id: str
    author: str
    at: datetime
    message: str
    steps: tuple[_Step, ...]


def git(*arguments: str, input: bytes | None = None) -> bytes:
    """Run git with a fixed environment and return what it prints.

    Raises: Invalid with git's own words if it fails.
    """
    done = subprocess.run(["git", *arguments], input=input, capture_output=True, env=ENVIRONMENT, check=False)
    if done.returncode:
        words = " ".join(done.stderr.decode("utf-8", "replace").split())[:300]
        raise Invalid(N_("git cannot read this source: %(words)s"), field="source", words=words)
    return done.stdout


def read(repository: Path, tip: str, *, zone: ZoneInfo, until: date) -> list[Page]:
    """Return every page there ever was up to `tip`: those alive by path, then those that ended, by their last path.

    Days after `until`, the day of import, become that day.
    """
    arguments = ("log", "--first-parent", "--reverse", "--diff-merges=first-parent", "--raw", "-z", "-M", "--no-abbrev", _FORMAT)
    pages: list[Page] = []
    by_path: dict[str, Page] = {}
    for commit in _commits(git("-C", str(repository), *arguments, tip, "--")):
        for step in _ordered(commit.steps):
            _take(pages, by_path, commit, step, zone, until)
    return sorted(pages, key=lambda page: (not page.is_live, page.path))


def _take(pages: list[Page], by_path: dict[str, Page], commit: _Commit, step: _Step, zone: ZoneInfo, until: date) -> None:
    was, old = bool(MARKDOWN.search(step.old_path or step.path)), step.old_path or step.path
    holds = step.status[0] != "D" and bool(MARKDOWN.search(step.path)) and step.mode in _PAGE_MODES
    page = by_path.get(old) if was else None
    if not holds:
        # A copy leaves its origin where it is; everything else that is no page any more has ended.
        if page is not None and page.is_live and step.status[0] != "C":
            _add(page, "retire", commit, old, None, zone, until)
        return
    if page is None or step.status[0] == "C" or (step.old_path and not page.is_live):
        page = by_path.get(step.path)
    if page is None or (step.old_path and by_path.get(step.path) not in (None, page) and by_path[step.path].is_live):
        page = Page(step.path)
        pages.append(page)
    action = "create" if not page.revisions else "amend" if page.is_live else "restore"
    if step.old_path and by_path.get(old) is page:
        del by_path[old]
    by_path[step.path], page.path = page, step.path
    _add(page, action, commit, step.path, step.blob, zone, until)


def _add(page: Page, action: str, commit: _Commit, path: str, blob: str | None, zone: ZoneInfo, until: date) -> None:
    day = min(commit.at.astimezone(zone).date(), until)
    if page.revisions:
        day = max(day, page.revisions[-1].day)
    page.revisions.append(
        Revision(len(page.revisions) + 1, action, commit.id, commit.author, commit.at, day, commit.message, path, blob)
    )


def _ordered(steps: tuple[_Step, ...]) -> list[_Step]:
    # Ends first, then moves: a page that takes the path of one that ends or moves away in the same commit finds it free.
    return sorted(steps, key=lambda step: {"D": 0, "R": 1}.get(step.status[0], 2))


def _commits(stream: bytes) -> Iterator[_Commit]:
    tokens = iter(stream.split(b"\0"))
    token = next(tokens, b"")
    while token.lstrip(b"\n").startswith(b"\x01"):
        id = token.lstrip(b"\n")[1:].decode()
        author, at, message = (next(tokens, b"") for _ in range(3))
        steps, token = _steps(tokens)
        yield _Commit(id, _name(author), datetime.fromtimestamp(int(at or 0), UTC), _text(message).strip(), tuple(steps))


def _steps(tokens: Iterator[bytes]) -> tuple[list[_Step], bytes]:
    steps: list[_Step] = []
    for token in tokens:
        token = token.lstrip(b"\n")
        if token.startswith(b"\x01"):
            return steps, token
        if not token.startswith(b":"):
            continue
        _, mode, _, blob, status = token.split(b" ")
        first = _text(next(tokens, b""))
        moved = status[:1] in (b"R", b"C")
        path = _text(next(tokens, b"")) if moved else first
        steps.append(_Step(status.decode(), mode, blob.decode(), path, first if moved else None))
    return steps, b""


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _name(raw: bytes) -> str:
    return " ".join(_UNSAFE.sub(" ", _text(raw)).split())[:120] or "Unknown author"
