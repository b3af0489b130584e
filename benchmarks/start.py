"""From the command to the first answer, on a folder that was filled: `python -m benchmarks.start --data FOLDER`."""

import argparse
import resource
import shutil
import tempfile
import time
from pathlib import Path

from tests.running import Server


def started(data: Path) -> str:
    """Start the server as `make run` does, and return how long its first page took to come, and the processors' time."""
    server = Server(data)
    begun, worked = time.perf_counter(), _work()
    server.start()
    taken = time.perf_counter() - begun
    server.stop()
    return f"{taken:.2f} s, of which all processes together worked {_work() - worked:.2f} s"


def _work() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure a copy, so that nothing in the folder moves; the first start of a copy may bring its tables up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "data"
        shutil.copytree(given.data, copy, ignore=shutil.ignore_patterns("*.wake"))
        print(f"first start of this version: {started(copy)}")
        for _ in range(given.times):
            print(f"start: {started(copy)}")


if __name__ == "__main__":
    main()
