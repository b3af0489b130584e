"""Twenty backups while twenty people write, each restored and checked: `python -m benchmarks.backups [ROUNDS]`."""

import sys
import tempfile
import time
from pathlib import Path

from tests.crashes.backing_up import WRITERS, rounds


def main() -> None:
    """Run from the command line."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        texts, approvals, posts = rounds(Path(folder), many)
    print(
        f"{many} backups while {WRITERS} people wrote: {texts} publications, {approvals} approvals and {posts} posts acknowledged; "
        f"every one restored, verified and found whole, {time.perf_counter() - start:.0f} s"
    )


if __name__ == "__main__":
    main()
