"""A plain wiki to write into while things break, and what must be true of it afterwards."""

import subprocess

from tests.running import Server


def begin(server: Server) -> str:
    """Add a person and a space that asks for no approval, and return the person's API token."""
    for arguments in (
        ("people", "add", "anne@bank.example", "--name", "Anne Martin"),
        ("spaces", "add", "notes", "--name", "Notes", "--approvals", "0"),
        ("spaces", "grant", "notes", "anne@bank.example", "author"),
    ):
        done = server.flask(*arguments)
        assert done.returncode == 0, done.stderr
    return server.flask("tokens", "add", "anne@bank.example", "--name", "tests").stdout.strip().splitlines()[-1]


def publish(server: Server, token: str, text: str, code: str | None = None) -> tuple[int, dict | None]:
    """Publish a text; status 200 means that it was acknowledged."""
    texts = [{"markdown": text} | ({"code": code} if code else {})]
    status, change = server.call("POST", "/api/v1/changes", {"space": "notes", "texts": texts}, token)
    if status != 201:
        return status, change
    return server.call("POST", f"/api/v1/changes/{change['id']}/submit", token=token)


def texts_in_history(server: Server, token: str) -> set[str]:
    """Return every text of every version, as the API tells them."""
    found = set()
    _, listed = server.get("/api/v1/spaces/notes/procedures?page_size=1000", token)
    for one in listed["items"]:
        _, versions = server.get(f"/api/v1/procedures/{one['code']}/versions?page_size=1000", token)
        for version in versions["items"]:
            found.add(server.get(f"/api/v1/procedures/{one['code']}?version={version['version']}", token)[1]["markdown"])
    return found


def commits(server: Server) -> int:
    """Return how many publications git holds."""
    path = server.data / "spaces" / "notes.git"
    done = subprocess.run(["git", "-C", str(path), "rev-list", "--count", "main"], capture_output=True, text=True, check=False)
    return int(done.stdout or 0)
