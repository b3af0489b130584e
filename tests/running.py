"""The real server, as `make run` starts it, on a free port with a folder of its own; and a client that speaks HTTP."""

import http.client
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_READY_S = 60


class Server:
    """A server in processes of its own, all of one group, so that they can be killed together."""

    def __init__(self, data: Path, *, starter: bool = False, log: Path | None = None, **settings: str):
        self.data = data
        self.port = _free_port()
        self.lines: list[str] = []
        self._environ = {
            **os.environ, "PROCEDURES_DATA": str(data), "PROCEDURES_PORT": str(self.port), "PROCEDURES_RATE_LIMITS": "off",
            "PROCEDURES_STARTER": "1" if starter else "0",
        } | {f"PROCEDURES_{name}": value for name, value in settings.items()}
        self._log = log
        self._process: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, descriptors: int | None = None) -> "Server":
        """Start, perhaps with few file descriptors, and return once it answers."""
        few = f"ulimit -n {descriptors}; exec " if descriptors else "exec "
        with open(self._log or os.devnull, "a") as log:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", f"{few}{shlex.quote(sys.executable)} app.py"], cwd=ROOT, env=self._environ, stdout=subprocess.PIPE,
                stderr=log, text=True, start_new_session=True,
            )
        for line in self._process.stdout:
            self.lines.append(line.rstrip())
            if line.startswith("Ready"):
                break
        deadline = time.monotonic() + _READY_S
        while self.get("/signin")[0] != 200:
            assert time.monotonic() < deadline, "the server does not answer"
        return self

    def kill(self) -> None:
        """Kill every process of the server at once, with no chance to tidy up."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process.stdout.close()

    def ask_to_stop(self) -> None:
        """Ask the server to stop, and do not wait."""
        self._process.terminate()

    def stop(self) -> int:
        """Ask the server to stop and return its exit code."""
        self.ask_to_stop()
        code = self._process.wait(30)
        self._process.stdout.close()
        return code

    def flask(self, *arguments: str, input: str | None = None) -> subprocess.CompletedProcess:
        """Run a command of the site, with what it reads."""
        command = [sys.executable, "-m", "flask", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self._environ, input=input, capture_output=True, text=True, check=False)

    def get(self, path: str, token: str | None = None) -> tuple[int, object]:
        """GET a path; status 0 means that nobody answered."""
        return self.call("GET", path, token=token)

    def call(self, method: str, path: str, body: dict | None = None, token: str | None = None) -> tuple[int, object]:
        """Send a request and return its status and what it answers, JSON read."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.address + path, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, _read(answer)
        except urllib.error.HTTPError as error:
            return error.code, _read(error)
        except (OSError, http.client.HTTPException):       # nobody answers, or died while answering
            return 0, None


def _read(answer) -> object:
    raw = answer.read()
    return json.loads(raw) if "json" in (answer.headers.get("Content-Type") or "") else raw.decode("utf-8", "replace")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
