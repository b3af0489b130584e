"""R8, R9, R10: a disk that is full, read-only or broken, at every point of a save, and under the real server."""

import base64
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from accounts.models import Person
from tests.crashes.wiki_space import begin, publish, texts_in_history
from tests.faults.breaking import CODES, failing, full_database, read_only_database, says_why
from tests.running import ROOT, Server

WORDS = "Des mots que personne ne veut perdre, sur une\ndeuxième ligne aussi. 4711"


def test_with_no_room_for_the_database_reading_goes_on_and_writing_says_why(site):
    with full_database(site):
        answers = [site.say("A long answer. " * 1200), site.publish("# Long\n\n" + "Words. " * 20000)]

        assert all(says_why(answer, 507) and "No space is left" in answer.json["detail"] for answer in answers)
        site.can_be_read()

    assert site.say("Room again.").status_code == 201 and site.publish("# Room\n\nAgain.\n").status_code == 200
    site.is_whole()


def test_what_was_typed_into_a_page_is_kept_and_can_be_sent_once_more(site):
    body = WORDS + " More words." * 1500
    with full_database(site):
        refused = site.form(f"/threads/{site.thread}/posts", {"body": body, "parent": ""})

    assert refused.status_code == 507 and "No space is left on the disk" in refused.text
    assert body in unescape(refused.text).replace("\r\n", "\n")
    assert f'action="/threads/{site.thread}/posts"' in refused.text and "Send it once more" in refused.text
    assert site.form(f"/threads/{site.thread}/posts", {"body": body, "parent": ""}).status_code == 303      # what the button sends


def test_each_field_that_was_typed_is_seen_under_its_label_and_what_the_form_carries_is_not(site):
    fields = {"kind": "tip", "title": "Keys", "body": "Ask Ruth. " * 2000, "quote": "First words.", "prefix": "", "suffix": "x y"}
    with full_database(site):
        page = site.form("/procedures/KYC-001/threads", fields)

    assert page.status_code == 507
    for name, label in (("title", "Title"), ("body", "Your message")):
        id = re.search(rf'<label for="([^"]+)">{label}</label>', page.text)[1]
        assert f'id="{id}" name="{name}"' in page.text
    assert 'name="title" type="text" value="Keys"' in page.text
    for name, value in (("kind", "tip"), ("quote", "First words."), ("suffix", "x y")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page.text


def test_texts_of_several_procedures_stay_in_their_order(site):
    fields = {"code": ["KYC-001", ""], "action": ["amend", "create"], "base": ["1", ""], "markdown": ["# One\n" + "Long. " * 20_000, "# Two"], "reason": "Typo", "kind": "material"}
    author = site.bank.browser("author")
    token = author.get("/nothing-here").text.split('name="csrf_token" value="')[1].split('"')[0]
    with full_database(site):
        page = author.post("/procedures/KYC-001/edit", data={"csrf_token": token, "then": "keep"} | fields)

    assert page.status_code == 507 and page.text.index("# One") < page.text.index("# Two")
    assert 'type="text" value="Typo"' in page.text and '<input type="hidden" name="action" value="amend">' in page.text


def test_the_page_says_it_in_the_readers_language(site):
    with full_database(site):
        page = site.bank.browser_of_reader.post(
            f"/threads/{site.thread}/posts", data={"body": WORDS * 240, "csrf_token": _token(site)}, headers={"Accept-Language": "fr"},
        )

    assert page.status_code == 507 and "plus de place sur le disque" in page.text and "Envoyer à nouveau" in page.text


def test_the_page_speaks_the_language_that_somebody_chose_whatever_their_browser_asks_for(site):
    with site.parts.database.transaction() as session:
        session.get(Person, site.bank.people["member"].id).language = "fr"
    with full_database(site):
        page = site.form(f"/threads/{site.thread}/posts", {"body": WORDS * 240})

    assert page.status_code == 507 and "plus de place sur le disque" in page.text


def _token(site):
    page = site.bank.browser_of_reader.get("/nothing-here").text
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def test_a_password_is_never_written_into_a_page(site):
    bank = site.bank
    change = bank.submit(bank.draft({"code": "KYC-001", "markdown": "# Other\n\nWords.\n"}))
    approver = bank.browser("approver")
    token = approver.get("/nothing-here").text.split('name="csrf_token" value="')[1].split('"')[0]
    fields = {"csrf_token": token, "digest": change["digest"], "password": "a quiet brown horse", "comment": WORDS}

    with read_only_database(site):
        refused = approver.post(f"/changes/{change['id']}/approve", data=fields)

    assert refused.status_code == 503 and "quiet brown horse" not in refused.text and 'type="password"' in refused.text
    assert WORDS in unescape(refused.text).replace("\r\n", "\n")
    assert approver.post(f"/changes/{change['id']}/approve", data=fields).status_code == 303
    site.is_whole()


def test_on_a_disk_that_can_only_be_read_reading_goes_on_and_writing_says_why(site):
    with read_only_database(site):
        answers = [site.say("Not now."), site.publish("# Not now\n")]

        assert all(says_why(answer, 503) and "can only be read" in answer.json["detail"] for answer in answers)
        site.can_be_read()

    assert site.say("Now.").status_code == 201
    site.is_whole()


@pytest.mark.parametrize("name", ["fsync", "rename", "open"])
@pytest.mark.parametrize("code", CODES)
def test_a_failure_at_any_point_of_a_save_announces_no_success_and_loses_nothing(site, name, code):
    """The point of failure goes over the whole save: the first call, the second, until none is left."""
    failed = 0
    for n in range(1, 40):
        with failing(name, n, CODES[code]) as fault:
            answer = site.publish(f"# Text {name} {code} {n}\n\nWords.\n")
        assert answer.status_code == 200 or says_why(answer, 503, 507), (n, answer.text)
        failed += answer.status_code != 200
        site.can_be_read()
        if not fault.happened:
            break
    else:
        pytest.fail("the save never came through")
    assert failed >= 1
    site.is_whole()


@pytest.mark.parametrize("name", ["fsync", "rename", "open"])
def test_a_failure_at_any_point_of_an_upload_leaves_no_half_file(site, name):
    bank = site.bank
    draft = bank.draft({"code": "KYC-001", "markdown": "# Files\n"})
    for n in range(1, 20):
        content = base64.b64encode(f"Line {n} of a list\n".encode()).decode()
        body = {"digest": draft["digest"], "name": f"list{n}.txt", "content": content}
        with failing(name, n, CODES["ENOSPC"]) as fault:
            answer = bank("author").post(f"/changes/{draft['id']}/attachments", body)
        assert answer.status_code in (200, 201, 503, 507), answer.text
        draft = bank.read(f"/changes/{draft['id']}")
        if not fault.happened:
            break
    uploads = site.parts.library.uploads.folder
    assert not [path.name for path in uploads.iterdir() if path.name.startswith("tmp")]
    assert draft["texts"][0]["attachments"]
    site.is_whole()


@pytest.fixture
def small_disk(tmp_path):
    """A disk of a few MiB of its own, where this user may make one."""
    place = tmp_path / "small"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("a small disk: only root can make one here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


@pytest.mark.timeout(240)
def test_the_real_server_on_a_real_full_disk_recovers_by_itself(small_disk):
    server = Server(small_disk / "data")
    token = begin(server)
    server.start()
    try:
        kept = {text for text in (f"# Before {n}\n" for n in range(3)) if publish(server, token, text)[0] == 200}
        _fill(small_disk / "ballast")

        statuses = []
        for number in range(30):
            text = f"# During {number}\n\n" + "Words. " * 3000
            status, told = publish(server, token, text)
            statuses.append(status)
            if status == 200:
                kept.add(text)
            else:
                assert status in (503, 507) and len(told["detail"]) > 40, told
        assert 507 in statuses and server.get("/procedures/NOTES-001", token)[0] in (200, 401)
        assert server.get("/api/v1/procedures/NOTES-001", token)[0] == 200

        (small_disk / "ballast").unlink()
        assert publish(server, token, "# After\n")[0] == 200
        assert kept <= texts_in_history(server, token)
        done = server.flask("verify")
        assert done.returncode == 0, done.stdout
    finally:
        server.stop()


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (1024 * 1024, 4096):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                pass


@pytest.mark.timeout(120)
def test_a_start_on_a_disk_that_can_only_be_read_is_one_sentence(small_disk):
    server = Server(small_disk / "data")
    begin(server)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

    environ = {**os.environ, "PROCEDURES_DATA": str(small_disk / "data"), "PROCEDURES_STARTER": "0"}
    done = subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)

    assert done.returncode == 1 and "cannot be written (Read-only file system)" in done.stderr and "Traceback" not in done.stderr
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert server.flask("verify").returncode == 0


def test_a_start_on_a_folder_that_is_not_ours_is_one_sentence(tmp_path):
    (tmp_path / "data").write_text("a file")

    environ = {**os.environ, "PROCEDURES_DATA": str(tmp_path / "data"), "PROCEDURES_STARTER": "0"}
    done = subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)

    assert done.returncode == 1 and "cannot be written" in done.stderr and "Traceback" not in done.stderr
