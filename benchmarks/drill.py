"""The restore drill: bring a backup back on an empty folder, check it, start it, search it, clone it; print what each step took.

`python -m benchmarks.drill [FILE]`. Without a file, a site of 1,000 procedures is made and backed up first.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.filling import fill
from core.database import Database
from core.upgrading import upgrade
from keeping import taking
from tests.running import Server
from wiki.repository import Library

_PROCEDURES, _VERSIONS, _POSTS = 1000, 5, 5000


@contextmanager
def _step(words: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(f"{words:<56} {(time.perf_counter() - start) / 60:7.2f} min", flush=True)


def _sample(folder: Path) -> Path:
    data, target = folder / "sample", folder / "sample.zip"
    database, library = Database(f"sqlite:///{data / 'site.sqlite3'}"), Library(data, ZoneInfo("UTC"))
    with _step(f"make a site of {_PROCEDURES} procedures (not part of the drill)"):
        upgrade(database)
        fill(database, library, procedures=_PROCEDURES, versions=_VERSIONS, posts_wanted=_POSTS)
    with _step("back it up"):
        taking.take(database, library, target)
    database.engine.dispose()
    print(f"  the backup has {target.stat().st_size / 1024**2:.1f} MiB")
    return target


def drill(folder: Path, backup: Path) -> None:
    """Restore a backup into an empty folder and see that the site is there. Raises: SystemExit if a step fails."""
    server, begun = Server(folder / "restored"), time.perf_counter()
    with _step("restore it into an empty folder, verified"):
        _must(server.flask("restore", str(backup.absolute())))
    with _step("verify it once more, as anybody can"):
        _must(server.flask("verify"))
    with _step("start it, until it answers"):
        server.start()
    try:
        with _step("find something by searching"):
            _must(server.flask("search", "rebuild"))
            assert server.get("/search?q=a")[0] in (200, 401)
    finally:
        server.stop()
    with _step("clone every history with plain git"):
        for path in sorted((folder / "restored" / "spaces").glob("*.git")):
            subprocess.run(["git", "clone", "--quiet", "--bare", str(path), str(folder / path.name)], check=True)
    print(f"{'the whole drill':<56} {(time.perf_counter() - begun) / 60:7.2f} min")


def _must(done: subprocess.CompletedProcess) -> None:
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


def main() -> None:
    """Run from the command line."""
    with tempfile.TemporaryDirectory() as folder:
        backup = Path(sys.argv[1]) if len(sys.argv) > 1 else _sample(Path(folder))
        drill(Path(folder), backup)


if __name__ == "__main__":
    main()
