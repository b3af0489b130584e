"""The figures: what each act takes through HTTP, in turns with its floor.

The same machine is half as fast from one minute to the next, and whether connections fall on one process or on both is
chance. So every act is taken in turns with its floor, rates nine times over new connections, and medians are compared.
"""

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from benchmarks import floors
from benchmarks.filling import Filled
from benchmarks.floors import median
from benchmarks.http_client import Connection, series
from benchmarks.serving import signed_in

CONNECTIONS = 8
_SERIES, _REQUESTS = 9, 400     # of a rate
_READ = 1000        # procedures that are read, of however many there are
_LOOKED = 200
_WRITTEN = 60
_PAUSE_S = 0.5      # in which every follower comes to rest


@dataclass(frozen=True)
class Figure:
    """What something takes or gives, and the same of its floor, in the same unit: ms, or requests per second."""

    name: str
    value: float
    floor: float
    unit: str = "ms"

    def __str__(self) -> str:
        """Return it as a row of a table."""
        return f"| {self.name} | {self.value:.1f} {self.unit} | {self.floor:.1f} {self.unit} | {self.value / self.floor:.2f} × |"


class Taken:
    """The figures of one site that is served beside a hello-world."""

    def __init__(self, filled: Filled, port: int, hello_port: int, questions: Sequence[str], commits: floors.Commits, finds: floors.Finds):
        cookie = signed_in(port, filled)
        self._people = lambda: Connection(port, cookie)
        self._programs = lambda: Connection(port, {"Authorization": f"Bearer {filled.token}"})
        self._hello = lambda: Connection(hello_port)
        self._questions, self._commits, self._finds = questions, commits, finds
        self._codes = sorted(set(floors.sample(filled.codes, 2 * _READ)))[:_READ]

    def all(self) -> list[Figure]:
        """Take every figure.

        Both processes have seen nearly everything once, as they have on the second day; what is asked first is measured
        while nothing is written, as most pages of most days are.
        """
        series(self._people, _pages("/procedures/{}", floors.sample(self._codes, 8 * len(self._codes))), connections=CONNECTIONS)
        codes = floors.sample(self._codes, _WRITTEN)
        return [
            self._rate("view, any procedure", floors.sample(self._codes, _REQUESTS)),
            self._rate("view, one procedure", self._codes[:1] * _REQUESTS),
            *self._looks("history", "/procedures/{}/versions"),
            *self._looks("compare", "/procedures/{}/compare/1...2"),
            self._searches(),
            self._in_turns("publish, after a pause", self._publications(codes), self._commits.one, pause_s=_PAUSE_S),
            self._in_turns("publish", self._publications(codes), self._commits.one),
            self._in_turns("post", self._posts(codes), self._commits.one),
            self._while_others_write(),     # last: its hundreds of messages keep the followers at work for a while
        ]

    def _rate(self, name: str, codes: Sequence[str]) -> Figure:
        ours, floor = [], []
        for _ in range(_SERIES):
            ours.append(series(self._people, _pages("/procedures/{}", codes), connections=CONNECTIONS).rate)
            floor.append(series(self._hello, [("GET", "/")] * len(codes), connections=CONNECTIONS).rate)
        return Figure(name, median(ours), median(floor), "/s")

    def _looks(self, name: str, path: str) -> list[Figure]:
        """Return what a page takes at the first look and at the second, by one process: the one that a connection stays with."""
        people, hello = self._people(), self._hello()
        pages = _pages(path, floors.sample(self._codes, _LOOKED))
        empty = partial(_timed, partial(_well, hello, "GET", "/"))
        return [self._in_turns(which, (partial(_well, people, *page) for page in pages), empty) for which in (f"{name}, first look", name)]

    def _searches(self) -> Figure:
        """Return what a search takes that nobody made before: each question is new, its words are not."""
        people = self._people()
        asked = [" ".join(reversed(question.split())) for question in self._questions]
        series(lambda: people, [("GET", f"/search?q={quote(question)}") for question in asked], connections=1)
        finds = iter(self._questions)
        searches = (partial(_well, people, "GET", f"/search?q={quote(question)}") for question in self._questions)
        return self._in_turns("search, p50", searches, lambda: self._finds.one(next(finds)))

    def _while_others_write(self) -> Figure:
        """Return the rate of pages while somebody else posts five times a second, so that nothing is kept for long."""
        over, codes = threading.Event(), floors.sample(self._codes, _REQUESTS)

        def write() -> None:
            connection = self._programs()
            for number in itertools.count():
                if over.wait(0.2):
                    return
                connection.request(*_post(codes[number % len(codes)]))

        writer = threading.Thread(target=write)
        writer.start()
        found = self._rate("view, any procedure, while others write", codes)
        over.set()
        writer.join()
        return found

    def _in_turns(
        self, name: str, requests: Iterator[Callable[[], None]], floor: Callable[[], float], *, pause_s: float = 0.0
    ) -> Figure:
        """Return what requests take, and what their floor takes in turns with them, each after the same pause."""
        ours, beside = [], []
        for ask in requests:
            time.sleep(pause_s)
            ours.append(_timed(ask))
            time.sleep(pause_s)
            beside.append(floor())
        return Figure(name, median(ours), median(beside))

    def _publications(self, codes: Sequence[str]) -> Iterator[Callable[[], None]]:
        """Yield requests that publish, each as soon as its change is open."""
        connection = self._programs()
        for number, code in enumerate(codes):
            text = f"# Measured\n\nText {number} of {code}, {time.time_ns()}. " + "Words of the rule. " * 200
            body = json.dumps({"space": "bench", "texts": [{"code": code, "markdown": text}]}).encode()
            _, _, answer = connection.request("POST", "/api/v1/changes", body)
            yield partial(_well, connection, "POST", f"/api/v1/changes/{json.loads(answer)['id']}/submit")

    def _posts(self, codes: Sequence[str]) -> Iterator[Callable[[], None]]:
        connection = self._programs()
        return (partial(_well, connection, *_post(code)) for code in codes)


def _pages(path: str, codes: Sequence[str]) -> list[tuple[str, str]]:
    return [("GET", path.format(code)) for code in codes]


def _post(code: str) -> tuple:
    body = json.dumps({"kind": "question", "body": f"What do we do with {code} when it is measured ({time.time_ns()})?"}).encode()
    return ("POST", f"/api/v1/procedures/{code}/threads", body)


def _timed(ask: Callable[[], None]) -> float:
    start = time.perf_counter()
    ask()
    return (time.perf_counter() - start) * 1000


def _well(connection: Connection, *request) -> None:
    status, _, answer = connection.request(*request)
    if status not in (200, 201):
        raise RuntimeError(f"{request[:2]} answered {status}: {answer[:300]!r}")
