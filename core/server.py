"""The server that people use: several processes of several threads each, one command, in the foreground."""

import logging
import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from gunicorn.app.base import BaseApplication

from core.settings import Settings

THREADS = 4
_TIMEOUT_S = 60
_GRACE_S = 10


def serve(settings: Settings, *, prepare: Callable[[], None], make: Callable[[], Flask]) -> None:
    """Serve until told to stop. `prepare` runs once, before anything answers; `make` makes each process's own app."""
    _log_to_console()
    _alone(prepare)
    _Server(settings, make).run()


def _alone(work: Callable[[], None]) -> None:
    """Run `work` in a process of its own: connections and threads that it opened must not be inherited by the servers."""
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join()
    if child.exitcode:
        raise SystemExit(child.exitcode)


class _Server(BaseApplication):
    def __init__(self, settings: Settings, make: Callable[[], Flask]):
        self._settings = settings
        self._make = make
        super().__init__()

    def load_config(self) -> None:
        for name, value in _options(self._settings).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._make()


def _options(settings: Settings) -> dict:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    memory = Path("/dev/shm")
    return {
        "bind": f"{host}:{settings.port}",
        "workers": settings.workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": _TIMEOUT_S,
        "graceful_timeout": _GRACE_S,
        "keepalive": 5,
        "limit_request_line": 8190,
        "worker_tmp_dir": str(memory) if memory.is_dir() else None,
        "control_socket_disable": True,
        "loglevel": "warning",
        "when_ready": lambda server: print(f"Ready at {settings.address}", flush=True),
    }


def _log_to_console() -> None:
    logging.Formatter.converter = time.gmtime
    logging.basicConfig(level=logging.WARNING, format="%(asctime)sZ level=%(levelname)s logger=%(name)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S")
    logging.getLogger("procedures").setLevel(logging.INFO)
