"""The server that people use: several processes of several threads each, one command, in the foreground."""

import multiprocessing
import socket
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

from core import logs, unread
from core.settings import Settings

THREADS = 4
_TIMEOUT_S = 60
_GRACE_S = 10
_PATIENCE_S = 5     # with somebody who does not listen to why they are refused
_TRIES = 5      # a second apart: the server before this one may still be ending


def serve(settings: Settings, *, prepare: Callable[[], None], make: Callable[[], Flask]) -> None:
    """Serve until told to stop. `prepare` runs once, before anything answers; `make` makes each process's own app."""
    logs.to_console(settings.log)
    _require_place(settings)
    _alone(prepare)
    _Server(settings, make).run()


def _require_place(settings: Settings) -> None:
    """Go on only if the server can listen where it is told to. Raises: SystemExit with what is wrong, in a sentence."""
    for left in reversed(range(_TRIES)):
        try:
            socket.create_server((settings.host, settings.port), family=socket.AF_INET6 if ":" in settings.host else socket.AF_INET).close()
            return
        except OSError as error:
            if not left:
                raise SystemExit(
                    f"The site cannot start: it cannot listen on {settings.host}, port {settings.port} ({error.strerror or error}). "
                    "Stop what listens there, or choose another port with PROCEDURES_PORT."
                ) from error
        time.sleep(1)


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


class _Worker(ThreadWorker):
    """A process of the server. What it refuses unread for its long address is answered by the site."""

    def handle_error(self, req, client, addr, exc) -> None:
        """Answer a request that could not be read."""
        if not isinstance(exc, LimitRequestLine):
            return super().handle_error(req, client, addr, exc)
        client.settimeout(_PATIENCE_S)
        try:
            client.sendall(unread.answer(self.wsgi))
        except OSError:
            pass        # they are gone, or do not listen


def _options(settings: Settings) -> dict:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    memory = Path("/dev/shm")
    return {
        "bind": f"{host}:{settings.port}",
        "workers": settings.workers,
        "worker_class": _Worker,
        "threads": THREADS,
        "timeout": _TIMEOUT_S,
        "graceful_timeout": _GRACE_S,
        "keepalive": 5,
        "limit_request_line": 8190,     # the most it takes
        "worker_tmp_dir": str(memory) if memory.is_dir() else None,
        "control_socket_disable": True,
        "loglevel": "warning",
        "logger_class": logs.server_logger(settings.log),
        "when_ready": lambda server: print(f"Ready at {settings.address}", flush=True),
    }
