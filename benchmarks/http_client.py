"""A client that costs little beside what it measures: one kept connection, one ready-made request, one read."""

import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """What a series of requests took, in seconds each."""

    seconds: list[float]
    wall: float

    @property
    def rate(self) -> float:
        """Requests per second of all connections together."""
        return len(self.seconds) / self.wall

    def percentile(self, share: float) -> float:
        """Return the milliseconds that `share` of the requests stayed under."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


class Connection:
    """One kept HTTP/1.1 connection."""

    def __init__(self, port: int, headers: dict[str, str] | None = None):
        self._port = port
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        self._socket: socket.socket | None = None

    def request(self, method: str, path: str, body: bytes = b"", kind: str = "application/json") -> tuple[int, dict[str, str], bytes]:
        """Send a request and return status, headers and body; connects again once if the server had closed."""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{self._headers}"
        if body:
            head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        elif method != "GET":
            head += "Content-Length: 0\r\n"
        message = head.encode() + b"\r\n" + body
        for attempt in (1, 2):
            try:
                return self._exchange(message)
            except (ConnectionError, OSError):
                self._socket = None
                if attempt == 2:
                    raise
        raise ConnectionError

    def _exchange(self, message: bytes) -> tuple[int, dict[str, str], bytes]:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(message)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, content = received.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        length = int(headers.get("content-length", "0"))
        while len(content) < length:
            content += self._more()
        if headers.get("connection", "").lower() == "close":
            self._socket = None
        return int(lines[0].split()[1]), headers, content

    def _more(self) -> bytes:
        chunk = self._socket.recv(65536)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        return chunk


def series(connect: Callable[[], Connection], requests: Sequence[tuple], *, connections: int, allowed: Sequence[int] = (200, 201)) -> Timing:
    """Send the requests over so many connections at once and return what each took.

    Raises: RuntimeError if an answer has another status than those allowed.
    """
    parts = [requests[number::connections] for number in range(connections)]
    start = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        seconds = [second for part in pool.map(lambda part: _one(connect(), part, allowed), parts) for second in part]
    return Timing(seconds, time.perf_counter() - start)


def _one(connection: Connection, requests: Sequence[tuple], allowed: Sequence[int]) -> list[float]:
    seconds = []
    for request in requests:
        start = time.perf_counter()
        status, _, content = connection.request(*request)
        seconds.append(time.perf_counter() - start)
        if status not in allowed:
            raise RuntimeError(f"{request[:2]} answered {status}: {content[:300]!r}")
    return seconds
