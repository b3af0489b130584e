"""Back a site up while many people write, restore it elsewhere, and see whether what was told them is in it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from core.database import Database
from core.settings import Settings
from discussions.models import Post
from keeping import restoring
from keeping.restoring import Restored
from tests.crashes.wiki_space import begin, commits, publish
from tests.running import Server
from wiki.models import Approval, Change, Version
from wiki.objects import Missing
from wiki.repository import Library

WRITERS = 20


@dataclass
class Ledger:
    """What was acknowledged so far, whoever wrote it."""

    texts: set[str] = field(default_factory=set)
    posts: set[str] = field(default_factory=set)
    approved: set[str] = field(default_factory=set)

    def copy(self) -> "Ledger":
        """Return what stands here now."""
        return Ledger(set(self.texts), set(self.posts), set(self.approved))


def rounds(folder: Path, many: int) -> tuple[int, int, int]:
    """Back a site up `many` times while twenty people write; return how many texts, approvals and posts were acknowledged.

    Raises: AssertionError if a restored site does not verify, an approval does not find its commit, or something
    that was acknowledged before a backup began is not in it.
    """
    server = Server(folder / "data")
    token, approver = begin(server), _approver(server)
    server.start()
    ledger, ended = Ledger(), threading.Event()
    writers = [threading.Thread(target=_write, args=(server, token, approver, ledger, ended, number)) for number in range(WRITERS)]
    try:
        for thread in writers:
            thread.start()
        while not (ledger.texts and ledger.posts and ledger.approved):
            time.sleep(0.05)
        told = [_backed_up(server, folder / f"{number}.zip", ledger) for number in range(many)]
    finally:
        ended.set()
        for thread in writers:
            thread.join()
        server.stop()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda number: _check(folder / f"{number}.zip", folder / f"restored-{number}", told[number]), range(many)))
    assert commits(server) > 0
    return len(ledger.texts), len(ledger.approved), len(ledger.posts)


def _approver(server: Server) -> str:
    for arguments in (
        ("people", "add", "boris@bank.example", "--name", "Boris Approver", "--password-stdin"),
        ("spaces", "add", "kyc", "--name", "Kyc", "--approvals", "1"),
        ("spaces", "grant", "kyc", "anne@bank.example", "author"),
        ("spaces", "grant", "kyc", "boris@bank.example", "approver"),
    ):
        done = server.flask(*arguments, input="a quiet brown horse\n" if "--password-stdin" in arguments else None)
        assert done.returncode == 0, done.stderr
    return server.flask("tokens", "add", "boris@bank.example", "--name", "tests").stdout.strip().splitlines()[-1]


def _write(server: Server, token: str, approver: str, ledger: Ledger, ended: threading.Event, writer: int) -> None:
    number = 0
    while not ended.is_set():
        number += 1
        text = f"# Text {writer} {number}\n\nwords\n"
        if writer % 4 == 0:
            _approve(server, token, approver, ledger, text)
            continue
        status, change = publish(server, token, text)
        if status != 200:
            continue
        ledger.texts.add(text)
        body = f"What about {writer} {number}?"
        code = change["texts"][0]["code"]
        if server.call("POST", f"/api/v1/procedures/{code}/threads", {"kind": "question", "body": body}, token)[0] == 201:
            ledger.posts.add(body)


def _approve(server: Server, token: str, approver: str, ledger: Ledger, text: str) -> None:
    body = {"space": "kyc", "reason": "Because", "kind": "material", "texts": [{"markdown": text}]}
    status, change = server.call("POST", "/api/v1/changes", body, token)
    if status != 201 or server.call("POST", f"/api/v1/changes/{change['id']}/submit", token=token)[0] != 200:
        return
    sent = {"digest": change["digest"], "password": "a quiet brown horse"}
    if server.call("POST", f"/api/v1/changes/{change['id']}/approve", sent, approver)[0] == 200:
        ledger.approved.add(change["id"])


def _backed_up(server: Server, target: Path, ledger: Ledger) -> Ledger:
    before = ledger.copy()
    done = server.flask("backup", str(target))
    assert done.returncode == 0, done.stderr
    return before


def _check(backup: Path, data: Path, told: Ledger) -> None:
    known = Settings(data=data, starter=False)
    restored = restoring.restore(known, backup)
    _agree(known, restored, told)


def _agree(known: Settings, restored: Restored, told: Ledger) -> None:
    assert restored.findings == []
    library, database = Library(known.data, known.timezone), Database(known.database)
    with database.reading() as session:
        versions = session.scalars(select(Version)).all()
        by_slug = {"notes": library.repository("notes"), "kyc": library.repository("kyc")}
        texts = {_text(by_slug, version) for version in versions}
        published = {version.change_id: version.commit for version in versions}
        for approval, change in session.execute(select(Approval, Change).join(Change, Change.id == Approval.change_id)):
            assert approval.fell_at or change.state != "published" or by_slug["kyc"].commit_of(published[change.id])
        bodies = set(session.scalars(select(Post.body)))
    database.engine.dispose()
    assert told.texts <= texts and told.approved <= set(published) and told.posts <= bodies


def _text(repositories: dict, version: Version) -> str:
    for repository in repositories.values():
        try:
            return repository.text(version.blob)
        except Missing:         # it stands in the other one
            continue
    raise Missing(version.blob)
