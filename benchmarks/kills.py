"""Two hundred kills of a whole server at random moments: `python -m benchmarks.kills [ROUNDS]`."""

import random
import sys
import tempfile
import time
from pathlib import Path

from tests.crashes.killing import rounds


def main() -> None:
    """Run from the command line."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        texts, posts = rounds(Path(folder) / "data", many, random.Random())
    print(f"{many} kills: {texts} publications and {posts} posts acknowledged, none lost, verify clean, {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
