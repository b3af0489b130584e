"""R12 to R16: locks of dead processes, lost branches, damaged objects, git's own housekeeping while people save."""

import subprocess
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from accounts.models import Space
from core.errors import Unavailable
from tests.faults.breaking import says_why
from wiki import publishing, reconciling, verifying
from wiki.models import Procedure, Version
from wiki.packs import pack


def repository(site, slug="wiki"):
    return site.parts.library.repository(slug)


def findings(site):
    with site.parts.database.reading() as session:
        return list(verifying.findings(session, site.parts.library, []))


@pytest.mark.parametrize("lock", ["refs/heads/main.lock", "HEAD.lock", "packed-refs.lock", "config.lock", "index.lock", "logs/refs/heads/main.lock"])
def test_a_lock_that_a_dead_process_left_holds_nobody_up(site, lock):
    path = repository(site).path / lock
    path.write_text("")

    assert site.publish("# After the lock\n").status_code == 200
    site.is_whole()


def test_a_lock_that_a_living_process_moves_is_respected(site):
    path = repository(site).path / "refs" / "heads" / "main.lock"
    path.write_text("")
    ended = threading.Event()

    def work():
        while not ended.wait(0.05):
            path.unlink(missing_ok=True)
            path.write_text("alive")

    thread = threading.Thread(target=work)
    thread.start()
    try:
        refused = site.publish("# While it works\n")
    finally:
        ended.set()
        thread.join()
    path.unlink(missing_ok=True)

    assert says_why(refused, 503) and "Another program" in refused.json["detail"]
    assert site.publish("# Afterwards\n").status_code == 200
    site.is_whole()


HARM = {"emptied": "", "cut": "0123456789abcdef", "garbage": "\x00\x00\x00", "gone": None}


@pytest.mark.parametrize("harm", HARM)
def test_a_branch_that_a_fault_took_points_again_where_both_stores_agree(site, harm):
    site.publish("# Before the fault\n")
    ref, tip = repository(site).path / "refs" / "heads" / "main", repository(site).tip()
    ref.unlink() if HARM[harm] is None else ref.write_text(HARM[harm])

    refused = site.publish("# Not now\n")
    assert says_why(refused, 503)
    assert any("space wiki" in line for line in findings(site))
    site.can_be_read()

    assert reconciling.reconcile(site.parts.database, site.parts.library) == ([], [])
    assert repository(site).tip() == tip and findings(site) == []
    assert site.publish("# Now\n").status_code == 200
    site.is_whole()


def test_the_one_commit_that_was_late_is_found_again_too(site, monkeypatch):
    def die(*_given, **_more):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "record", die)
        patched.setattr(reconciling, "record", die)
        answer = site.publish("# Late\n")
    assert answer.status_code == 503
    late = repository(site).tip()
    (repository(site).path / "refs" / "heads" / "main").write_text("")

    assert reconciling.reconcile(site.parts.database, site.parts.library) == (["wiki"], [])

    assert repository(site).tip() == late and findings(site) == []


def test_what_was_recorded_from_git_because_sql_failed_is_answered_as_sql_holds_it(site, monkeypatch):
    """The transaction of a publication fails at its end, after the branch moved: it is published all the same, and the answer is
    what the next look finds."""
    dialect, failures = site.parts.database.engine.dialect, []
    commits = dialect.do_commit

    def fail(connection):
        if repository(site).tip() != recorded(site) and not failures:
            failures.append(connection)
            raise dialect.loaded_dbapi.OperationalError("disk I/O error")
        commits(connection)

    monkeypatch.setattr(dialect, "do_commit", fail)
    answer = site.publish("# All the same\n")

    assert failures and answer.status_code == 200, answer.json
    assert answer.json["state"] == "published" and answer.json["commit"] == repository(site).tip() == recorded(site)
    assert answer.json == site.bank("author").get(f"/changes/{answer.json['id']}").json
    site.is_whole()


def recorded(site):
    with site.parts.database.reading() as session:
        return session.scalar(select(Space.recorded_tip).where(Space.slug == "wiki"))


@pytest.mark.parametrize("tip", ["missing", "foreign"])
def test_a_branch_that_points_elsewhere_is_left_to_a_person(site, tip):
    held = repository(site)
    ours = held.tip()
    tree = held.commit_of(ours).tree
    raw = f"tree {tree}\nparent {ours}\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n\nForeign\n".encode()
    other = held.objects.write("commit", raw) if tip == "foreign" else "1" * 40
    ref = held.path / "refs" / "heads" / "main"
    ref.write_text(other + "\n")

    brought, bad = reconciling.reconcile(site.parts.database, site.parts.library)

    assert brought == [] and len(bad) == 1 and ref.read_text().strip() == other
    assert says_why(site.publish("# Not now\n"), 503)
    site.can_be_read()
    ref.write_text(ours + "\n")
    assert site.publish("# Now\n").status_code == 200
    site.is_whole()


@pytest.mark.parametrize("harm", ["cut", "bit", "emptied"])
def test_a_damaged_text_is_named_and_everything_else_can_be_read(site, harm):
    bank = site.bank
    blob = _blob(site, "WIKI-001", 1)
    bank.publish({"code": "WIKI-001", "markdown": "# Notes\n\nSecond.\n"}, space="wiki")
    path = repository(site).path / "objects" / blob[:2] / blob[2:]
    whole = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes({"cut": whole[:10], "emptied": b"", "bit": whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:]}[harm])
    repository(site).objects._kept.cache_clear()

    assert any("WIKI-001 version 1" in line and blob in line for line in findings(site))
    assert bank.read("/procedures/WIKI-001")["markdown"] == "# Notes\n\nSecond.\n"
    assert says_why(bank("author").get("/procedures/WIKI-001?version=1"), 503)
    page = bank.browser_of_reader.get("/procedures/WIKI-001/versions/1", headers={"Accept-Language": "fr"})
    assert page.status_code == 503 and "l’historique de son espace est abîmé" in page.text
    site.can_be_read()
    assert site.publish("# All the same\n").status_code == 200

    path.write_bytes(whole)
    repository(site).objects._kept.cache_clear()
    site.is_whole()


def test_a_damaged_pack_is_named_and_other_spaces_can_be_read(site):
    held = repository(site)
    subprocess.run(["git", "-C", str(held.path), "repack", "-adq"], check=True)
    (pack,) = (held.path / "objects" / "pack").glob("*.pack")
    whole = pack.read_bytes()
    pack.chmod(0o644)
    pack.write_bytes(whole[: len(whole) // 3])
    held.objects._kept.cache_clear()

    assert findings(site)
    assert site.bank.read("/procedures/KYC-001")["markdown"]
    with pytest.raises(Unavailable):
        _pack(site)

    pack.write_bytes(whole)
    held.objects._kept.cache_clear()
    assert findings(site) == []


def test_no_repository_has_an_index_or_a_work_tree_that_could_be_damaged(site):
    site.publish("# One more\n")

    assert {path.name for path in repository(site).path.iterdir()} <= {"HEAD", "config", "objects", "refs", "logs", "procedures.lock", "packed-refs", "description"}


def test_a_folder_that_housekeeping_takes_away_meanwhile_is_made_again(site):
    held, ended = repository(site), threading.Event()

    def tidy():
        while not ended.is_set():
            for folder in (held.path / "objects").glob("??"):
                with suppress(OSError):         # what holds something stays
                    folder.rmdir()

    thread = threading.Thread(target=tidy)
    thread.start()
    try:
        texts = [f"Words {number}.\n" for number in range(400)]
        ids = [held.write_text(text) for text in texts]
    finally:
        ended.set()
        thread.join()
    assert [held.text(id) for id in ids] == texts


@pytest.mark.timeout(240)
def test_gits_own_housekeeping_while_people_save_and_clone_loses_nothing(site, tmp_path):
    path, ended, failed = str(repository(site).path), threading.Event(), []

    def tidy():
        while not ended.is_set():
            for command in (["gc", "--quiet"], ["pack-refs", "--all"], ["repack", "-dq"]):
                done = subprocess.run(["git", "-C", path, *command], capture_output=True, text=True, check=False)
                failed.extend([done.stderr] if done.returncode and "lock" not in done.stderr else [])

    def clone():
        for number in range(4):
            done = subprocess.run(["git", "clone", "--quiet", "--no-local", path, str(tmp_path / f"clone{number}")], capture_output=True, text=True, check=False)
            failed.extend([done.stderr] if done.returncode else [])

    threads = [threading.Thread(target=tidy), threading.Thread(target=clone)]
    for thread in threads:
        thread.start()
    answers = [site.publish(f"# Saved {number}\n\nWords {number}.\n") for number in range(15)]
    ended.set()
    for thread in threads:
        thread.join()

    assert not failed and all(one.status_code == 200 or says_why(one, 503) for one in answers)
    assert sum(one.status_code == 200 for one in answers) >= 10
    site.is_whole()
    subprocess.run(["git", "-C", path, "fsck", "--strict", "--no-dangling"], check=True, capture_output=True)


def _blob(site, code, number):
    with site.parts.database.reading() as session:
        wanted = select(Version.blob).join(Procedure, Procedure.id == Version.procedure_id).where(Procedure.code == code, Version.number == number)
        return session.scalar(wanted)


def _pack(site):
    held = repository(site)
    pack(site.parts.library, "wiki", held.tip(), Path(held.path / "out.pack"))
