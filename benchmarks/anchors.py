"""Draw passages of real texts, look for them in the next version of each, and have an oracle judge where they were found.

    python -m benchmarks.anchors CORPORA --trials 5000

CORPORA is a folder of git bundles. Every revision of every page makes a pair of texts; of a random pair a random run of words
is anchored as a reader would do it, and looked for in the newer text. The oracle shares no code with `discussions.anchors`:
it counts the words one by one, asks git how the two texts align word by word, and compares what stands around each copy.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from discussions import anchors
from discussions.placing import plain_text

SEED = 2012
PER_PAIR = 10
_AROUND = 30            # words on each side by which the oracle tells copies apart
_LONGEST = 25
_BROWSERS_CONTEXT = 200
_GIT = ("git", "-c", "core.quotePath=false")


@dataclass
class Tally:
    """What was found and how the oracle judged it."""

    states: Counter = field(default_factory=Counter)
    figures: Counter = field(default_factory=Counter)
    taken_ms: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Pair:
    """Two texts, the words of each with their offsets, and where git says each old word stands now."""

    before: str
    after: str
    old: list[tuple[str, int, int]]
    new: list[tuple[str, int, int]]
    aligned: dict[int, int]


def pairs(bundle: Path, folder: Path) -> tuple[Path, list[tuple[str, str]]]:
    """Return a clone of a bundle and the blobs before and after each edit of a page, renames followed and merges left out."""
    clone = folder / f"{bundle.stem}.git"
    subprocess.run([*_GIT, "clone", "--quiet", "--bare", str(bundle), str(clone)], check=True)
    log = _out(clone, "log", "--no-merges", "-M", "--raw", "--no-abbrev", "--format=", "--diff-filter=MR", "--", "*.md")
    found = [(line.split()[2], line.split()[3]) for line in log.splitlines() if line.startswith(":")]
    return clone, list(dict.fromkeys(found))


def compared(clone: Path, old: str, new: str, folder: Path) -> Pair | None:
    """Return two versions of a page as a reader sees them, aligned by git; None where one has no words."""
    before, after = (unicodedata.normalize("NFC", plain_text(_out(clone, "cat-file", "blob", blob))) for blob in (old, new))
    if not before.strip() or not after.strip():
        return None
    words = _words(before), _words(after)
    return Pair(before, after, *words, _aligned(*words, folder))


def _words(text: str) -> list[tuple[str, int, int]]:
    found, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        found.append((word, at, at + len(word)))
        at += len(word)
    return found


def _aligned(old: list, new: list, folder: Path) -> dict[int, int]:
    """Return, by the number of each old word, the number of the new word that git takes for the same."""
    paths = folder / "old.txt", folder / "new.txt"
    for path, words in zip(paths, (old, new), strict=True):
        path.write_text("".join(f"{word}\n" for word, _, _ in words), "utf-8")
    diff = subprocess.run(
        [*_GIT, "diff", "--no-index", "--no-color", "--minimal", "-U0", *map(str, paths)], capture_output=True, text=True, errors="replace", check=False
    ).stdout
    mapping, at_old, at_new = {}, 0, 0
    for line in diff.splitlines():
        if not line.startswith("@@"):
            continue
        (a, removed), (b, added) = (_span(part[1:]) for part in line.split("@@")[1].split())
        while at_old < a:
            mapping[at_old] = at_new
            at_old, at_new = at_old + 1, at_new + 1
        at_old, at_new = a + removed, b + added
    while at_old < len(old) and at_new < len(new):
        mapping[at_old] = at_new
        at_old, at_new = at_old + 1, at_new + 1
    return mapping


def _span(part: str) -> tuple[int, int]:
    """Return the first line, from 0, and the number of lines of one side of a hunk."""
    start, _, count = part.partition(",")
    many = int(count) if count else 1
    return (int(start) - 1 if many else int(start)), many


def copies(words: list, wanted: list[str]) -> list[int]:
    """Return where a run of words stands, by comparing every run of that length."""
    size = len(wanted)
    return [at for at in range(len(words) - size + 1) if [word for word, _, _ in words[at : at + size]] == wanted]


def alike(pair: Pair, at: int, size: int, place: int) -> int:
    """Count the words around a copy that stand around the passage too, in the same order from it outwards or not."""
    sides = ((pair.old[max(0, at - _AROUND) : at], pair.new[max(0, place - _AROUND) : place]),
             (pair.old[at + size : at + size + _AROUND], pair.new[place + size : place + size + _AROUND]))
    return sum((Counter(word for word, _, _ in one) & Counter(word for word, _, _ in other)).total() for one, other in sides)


def drawn(pair: Pair, chance: random.Random) -> tuple[int, int] | None:
    """Return a random run of words within one paragraph: its first word and how many; None where there is none."""
    for _ in range(20):
        size, at = chance.randint(2, _LONGEST), chance.randrange(len(pair.old))
        if at + size <= len(pair.old) and "\n" not in pair.before[pair.old[at][1] : pair.old[at + size - 1][2]]:
            return at, size
    return None


def trial(pair: Pair, at: int, size: int, tally: Tally) -> None:
    """Anchor one passage in the older text, look for it in the newer one, and judge what is said."""
    start, end = pair.old[at][1], pair.old[at + size - 1][2]
    quote = pair.before[start:end]
    placed = anchors.place(pair.before, quote, pair.before[max(0, start - _BROWSERS_CONTEXT) : start], pair.before[end : end + _BROWSERS_CONTEXT])
    began = time.process_time()
    known = placed.position is not None or placed.copies < 2
    found = anchors.find(pair.after, quote, placed.prefix, placed.suffix, placed.copies, told_apart=known)
    tally.taken_ms.append((time.process_time() - began) * 1000)
    tally.states[found.state] += 1
    _judge(pair, at, size, quote, found, tally)


def _judge(pair: Pair, at: int, size: int, quote: str, found, tally: Tally) -> None:
    wanted = [word for word, _, _ in pair.old[at : at + size]]
    there, before = copies(pair.new, wanted), copies(pair.old, wanted)
    follows = [pair.aligned.get(at + n) for n in range(size)]
    survived = follows[0] is not None and follows == list(range(follows[0], follows[0] + size))
    place = next((n for n in there if pair.new[n][1] == found.start), None)
    is_several = len(there) > 1 or len(before) > 1
    tally.figures["several copies"] += is_several
    if found.state == "exact":
        said = pair.after[found.start : found.end].split()
        if said != quote.split() or _is_cut(pair, at, size, found):
            tally.figures["silent wrong words"] += 1
            tally.wrong.append(f"other words: {quote!r} -> {' '.join(said)!r}")
        elif is_several:
            _judge_copy(pair, at, size, place, there, follows[0] if survived else None, quote, tally)
    if there:
        tally.figures["words survive"] += 1
        tally.figures["words survive, found"] += found.state in ("exact", "moved") and pair.after[found.start : found.end].split() == quote.split()
    if survived:
        tally.figures["stay in place"] += 1
        tally.figures["stay in place, found there"] += place == follows[0] and found.state in ("exact", "moved")


def _is_cut(pair: Pair, at: int, size: int, found) -> bool:
    """Say whether what was a whole run of letters or figures is now a part of a longer one."""
    start, end = pair.old[at][1], pair.old[at + size - 1][2]
    joins = lambda text, n: 0 < n < len(text) and text[n - 1].isalnum() and text[n].isalnum()  # noqa: E731
    return any(joins(pair.after, now) and not joins(pair.before, then) for now, then in ((found.start, start), (found.end, end)))


def _judge_copy(pair: Pair, at: int, size: int, place: int | None, there: list[int], git: int | None, quote: str, tally: Tally) -> None:
    """Judge which of several copies was called exact: by git's alignment, and by what stands around each."""
    ranked = sorted(((alike(pair, at, size, n), n) for n in there), reverse=True)
    if not ranked:              # other punctuation stands against the words now, so as words they stand nowhere
        tally.figures["no witness can tell"] += 1
        return
    around = ranked[0][1] if len(ranked) == 1 or ranked[0][0] > ranked[1][0] else None
    if place in (git, around):
        tally.figures["right by one of two witnesses only"] += {git, around} - {None} != {place}
        return
    whole = [n for n in there if _line(pair.after, pair.new[n][1]) == _line(pair.before, pair.old[at][1])]
    if whole == [place]:        # its whole paragraph stands there, word for word, and nowhere else
        tally.figures["right by its whole paragraph"] += 1
        return
    if git is None and around is None:
        tally.figures["no witness can tell"] += 1
        return
    tally.figures["silent wrong places"] += 1
    tally.wrong.append(f"other copy: {quote!r} at {place}, git says {git}, surroundings say {around}")


def _line(text: str, at: int) -> str:
    """Return the letters of the paragraph that a place is in, white space apart: `-open` is `- open`."""
    end = text.find("\n", at)
    return "".join(text[text.rfind("\n", 0, at) + 1 : len(text) if end < 0 else end].split())


def run(corpora: Path, trials: int, seed: int) -> Tally:
    """Run so many trials over every bundle under a folder, pages drawn evenly over all their edits."""
    chance, tally = random.Random(seed), Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        every = [(clone, *blobs) for bundle in sorted(corpora.rglob("*.bundle")) for clone, found in [pairs(bundle, folder)] for blobs in found]
        tally.figures["pairs of versions"] = len(every)
        for clone, old, new in _endlessly(every, chance):
            pair = compared(clone, old, new, folder)
            for _ in range(PER_PAIR if pair else 0):
                spot = drawn(pair, chance)
                if spot is not None:
                    trial(pair, *spot, tally)
            if len(tally.taken_ms) >= trials:
                return tally
    return tally


def _endlessly(every: list, chance: random.Random) -> Iterator[tuple]:
    while every:
        yield from chance.sample(every, len(every))


def report(tally: Tally) -> str:
    """Return the figures of the issue in words."""
    figures, taken = tally.figures, sorted(tally.taken_ms)
    share = lambda part, whole: f"{100 * figures[part] / max(1, figures[whole]):.2f} % of {figures[whole]}"  # noqa: E731
    return "\n".join((
        f"trials {len(taken)} over {figures['pairs of versions']} pairs of versions, states {dict(tally.states)}",
        f"silent wrong words: {figures['silent wrong words']}; silent wrong places: {figures['silent wrong places']}"
        f" (of {figures['several copies']} with several copies; one witness alone agreed in {figures['right by one of two witnesses only']},"
        f" the whole paragraph alone in {figures['right by its whole paragraph']}, none could tell in {figures['no witness can tell']})",
        f"words that survive, found: {share('words survive, found', 'words survive')}",
        f"passages that stay in place, found there: {share('stay in place, found there', 'stay in place')}",
        f"cost per thread: mean {sum(taken) / len(taken):.2f} ms, p95 {taken[len(taken) * 95 // 100]:.2f}, p99 {taken[len(taken) * 99 // 100]:.2f}, worst {taken[-1]:.1f}",
        *tally.wrong[:20],
    ))


def main() -> None:
    """Run as a program; ends with 1 if anything was attached to other words without saying so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--trials", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    tally = run(given.corpora, given.trials, given.seed)
    print(report(tally))
    sys.exit(bool(tally.wrong))


def _out(clone: Path, *command: str) -> str:
    return subprocess.run([*_GIT, "-C", str(clone), *command], capture_output=True, check=True).stdout.decode("utf-8", "replace")


if __name__ == "__main__":
    main()
