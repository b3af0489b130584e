"""What one server process counts, kept where the others can add it up: a file per process, of a size taken beforehand.

The space is taken first because the files are memory: a full disk met while counting would end the process. Where it
cannot be taken nothing is counted. A process that ended leaves its file, so that no sum goes backwards.
"""

import json
import logging
import os
import shutil
import socket
import threading
from bisect import bisect_left
from collections.abc import Iterable
from pathlib import Path

from prometheus_client.core import Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.utils import floatToGoString

log = logging.getLogger("procedures.metrics")

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, float("inf"))
_FILE_BYTES = 4 * 1024 * 1024
_KEYS_AT_MOST = _FILE_BYTES // 512          # a key with its number is shorter than that
_LONGEST_KEY = 480


class Tally:
    """Counters and durations of this machine's server processes."""

    def __init__(self, data: Path):
        self._folder = data / "metrics" / socket.gethostname()
        self._lock = threading.Lock()
        self._files: dict[str, MmapedDict | None] = {}
        self._keys: dict[tuple, str | None] = {}
        self._pid = 0

    def empty(self) -> None:
        """Forget what was counted before. Call it before any process counts."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def count(self, name: str, about: str, **labels: str) -> None:
        """Add one to a counter."""
        with self._lock:
            self._add("counter", name, f"{name}_total", about, labels, 1)

    def observe(self, name: str, about: str, seconds: float, **labels: str) -> None:
        """Add one duration to a histogram."""
        reached = BOUNDS_S[bisect_left(BOUNDS_S, seconds)]
        with self._lock:
            new = (f"{name}_sum", *sorted(labels.items())) not in self._keys
            for bound in BOUNDS_S if new else (reached,):       # every bound stands there from the first time on
                self._add("histogram", name, f"{name}_bucket", about, labels | {"le": floatToGoString(bound)}, int(bound == reached))
            self._add("histogram", name, f"{name}_sum", about, labels, seconds)

    def metrics(self) -> Iterable[Metric]:
        """Return the sums over every process, those that ended included."""
        return MultiProcessCollector.merge([str(path) for path in sorted(self._folder.glob("*.db")) if path.stat().st_size])

    def _add(self, kind: str, name: str, sample: str, about: str, labels: dict[str, str], amount: float) -> None:
        file = self._file(kind)
        if file is None:
            return
        given = (sample, *sorted(labels.items()))
        if given not in self._keys:
            self._keys[given] = self._key(name, sample, about, labels)
        key = self._keys[given]
        if key is not None:
            file.write_value(key, file.read_value(key)[0] + amount, 0.0)

    def _key(self, name: str, sample: str, about: str, labels: dict[str, str]) -> str | None:
        key = json.dumps([name, sample, labels, about], sort_keys=True)
        return key if len(self._keys) < _KEYS_AT_MOST and len(key) <= _LONGEST_KEY else None

    def _file(self, kind: str) -> MmapedDict | None:
        if self._pid != os.getpid():            # made before a fork: the file belongs to whoever forked
            self._pid, self._files, self._keys = os.getpid(), {}, {}
        if kind not in self._files:
            self._files[kind] = self._opened(self._folder / f"{kind}_{self._pid}.db")
        return self._files[kind]

    def _opened(self, path: Path) -> MmapedDict | None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                os.posix_fallocate(file, 0, _FILE_BYTES)
            finally:
                os.close(file)
            return MmapedDict(str(path))
        except OSError:
            log.warning("nothing is counted: no space could be taken", exc_info=True)
            return None
