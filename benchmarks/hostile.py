"""What bad input costs, through HTTP: `python -m benchmarks.hostile`. Each must be answered in words within two seconds."""

import base64
import json
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.filling import Filled, fill
from benchmarks.http_client import Connection
from benchmarks.serving import served
from core import settings

_BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{new}: &{new} [{','.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True))
_LINKS = "# Links\n\n" + "".join(f"[link {n}](https://law.example/{n})\n\n" for n in range(20_000))

TEXTS = {
    "front matter that is no YAML": "---\ntitle: [\n---\n\n# T\n",
    "front matter that claims a status": "---\ntitle: T\nstatus: approved\nversion: 9\n---\n\n# T\n",
    "front matter that is an alias bomb": f"---\ntitle: T\n{_BOMB}---\n\n# T\n",
    "front matter of deep brackets": f"---\ntitle: {'[' * 5000}\n---\n\n# T\n",
    "a page of 10 MB": "Words of the rule. " * 550_000,
    "a page of 20,000 links": _LINKS,
    "a page of 4,900 links": "# Links\n\n" + "".join(f"[link {n}](https://law.example/{n})\n\n" for n in range(4_900)),
    "a page of brackets": "[" * 500_000,
    "a page of stars": "*a " * 300_000,
    "a page of one table": "|a" * 200_000,
}
LIAR = {"name": "form.pdf", "content": base64.b64encode(b"<script>alert(1)</script>" * 1000).decode()}


def main() -> None:
    """Print what each bad input was answered, and in how many seconds."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        app = __import__("app").create_app(settings.read({"PROCEDURES_DATA": str(data), "PROCEDURES_STARTER": "0"}))
        site = app.extensions["procedures"]
        filled = fill(site.database, site.library, procedures=10, versions=1, posts_wanted=10)
        site.loop.catch_up()
        site.database.dispose()
        with served("app:served()", 8790, data):
            worst = max(_told(Connection(8790, {"Authorization": f"Bearer {filled.token}"}), filled))
    print(f"the slowest: {worst:.2f} s")
    sys.exit(worst > 2)


def _told(programs: Connection, filled: Filled):
    for name, text in TEXTS.items():
        change, seconds = _opened(programs, name, filled.codes[0], text)
        yield seconds
        if "id" in change:
            yield _timed(programs, f"{name}, published", "POST", f"/api/v1/changes/{change['id']}/submit")[1]
            yield _timed(programs, f"{name}, read", "GET", f"/api/v1/procedures/{filled.codes[0]}")[1]
    change, _ = _opened(programs, "a text to add a file to", filled.codes[1], "# T\n")
    lie = {"digest": change["digest"], **LIAR}
    yield _timed(programs, "a script that says it is a PDF", "POST", f"/api/v1/changes/{change['id']}/attachments", lie)[1]


def _opened(programs: Connection, name: str, code: str, text: str) -> tuple[dict, float]:
    return _timed(programs, name, "POST", "/api/v1/changes", {"space": "bench", "texts": [{"code": code, "markdown": text}]})


def _timed(programs: Connection, name: str, method: str, path: str, body: dict | None = None) -> tuple[dict, float]:
    start = time.perf_counter()
    status, _, content = programs.request(method, path, json.dumps(body).encode() if body else b"")
    seconds = time.perf_counter() - start
    answer = json.loads(content)
    print(f"{seconds:6.2f} s  {status}  {name}: {answer.get('detail', answer.get('title', ''))}")
    return answer, seconds


if __name__ == "__main__":
    main()
