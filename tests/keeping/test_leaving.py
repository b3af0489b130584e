"""Leaving with everything: plain files, nothing of ours needed, no secret in them, and nobody gets what they may not read."""

import csv
import io
import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from keeping.names import Names
from tests.site import caller, make_person, post, sign_in, site_of
from tests.surface.bank import RULE, open_bank

PAGE = "/administration/export"
PICTURE = next((Path(__file__).resolve().parent.parent.parent / "procedures" / "kyc").rglob("*.png")).read_bytes()


@pytest.fixture
def bank(app):
    """A bank with a rule in three versions, a discussion, a draft, and a restricted space with a secret of its own."""
    bank = open_bank(app)
    bank.publish({"markdown": RULE})
    bank.publish({"code": "KYC-001", "markdown": RULE + "\nSecond.\n"})
    bank.publish({"code": "KYC-001", "markdown": RULE + "\nScheduled.\n"}, in_force_from="2199-01-01")
    bank.draft({"code": "KYC-001", "markdown": RULE + "\nOnly a draft.\n"})
    thread = bank.ask(body="Does a phone <b>bill</b> count?", quote="Second words.")
    bank.write(f"/threads/{thread['id']}/posts", {"body": "No, says **the desk**."}, "approver", 201)
    erased = bank.write(f"/threads/{thread['id']}/posts", {"body": "Regrettable words."}, "member", 201)
    bank.write(f"/posts/{erased['id']}", {"reason": "A name."}, "animator", method="DELETE")
    bank.publish({"markdown": "# Vault\n\nThe combination is hidden.\n"}, space="vault")
    return bank


@pytest.fixture
def boss(bank):
    return bank.browser("administrator")


def opened(raw):
    with zipfile.ZipFile(io.BytesIO(raw)) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


@pytest.fixture
def taken(bank, boss):
    answer = post(boss, PAGE)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    return opened(answer.data)


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["export", *map(str, arguments)])


def test_the_text_in_force_and_every_version_are_there_byte_for_byte(taken):  # ISO-7, A11-2
    folder = "spaces/kyc/procedures/KYC-001/"

    assert taken[f"{folder}KYC-001.md"].decode() == RULE + "\nSecond.\n"
    assert [taken[f"{folder}versions/{n}.md"].decode() for n in (1, 2, 3)] == [RULE, RULE + "\nSecond.\n", RULE + "\nScheduled.\n"]
    told = json.loads(taken[f"{folder}versions.json"])
    assert [(one["version"], one["state"]) for one in told["versions"]] == [(3, "scheduled"), (2, "in_force"), (1, "superseded")]
    assert told["versions"][1]["approvals"][0]["name"] == "Approver Martin"


def test_threads_are_markdown_and_json(taken):
    (name,) = [name for name in taken if name.startswith("spaces/kyc/threads/") and name.endswith(".md")]
    text, told = taken[name].decode(), json.loads(taken[name.replace(".md", ".json")])

    assert "> Second words." in text and "Does a phone <b>bill</b> count?" in text and "No, says **the desk**." in text
    assert "Erased by Animator Martin" in text and "A name." in text and "Regrettable words" not in text
    assert [post["author"]["name"] for post in told["posts"]] == ["Member Martin", "Approver Martin", "Member Martin"]


def test_the_history_is_a_bundle_that_plain_git_clones(taken, tmp_path):  # A11-13
    (tmp_path / "history.bundle").write_bytes(taken["spaces/kyc/history.bundle"])

    subprocess.run(["git", "clone", "-q", "history.bundle", "clone"], cwd=tmp_path, check=True)

    assert (tmp_path / "clone" / "kyc-001.md").read_text() == RULE + "\nScheduled.\n"


def test_pages_lead_to_everything_and_escape_what_people_wrote(taken):
    index, space = taken["index.html"].decode(), taken["spaces/kyc/index.html"].decode()

    assert 'href="spaces/kyc/index.html"' in index and 'href="procedures/KYC-001/KYC-001.md"' in space
    assert "&lt;b&gt;bill" in space and "<b>bill" not in space and "<script" not in index + space
    for link in re.findall('href="([^"]+)"', space):
        assert link.startswith("../../") or f"spaces/kyc/{link}" in taken, link


def test_people_go_along_without_any_secret(app, bank, taken, settings):
    people = list(csv.DictReader(io.StringIO(taken["people.csv"].decode())))
    assert len(people) == len(bank.people) and people[0]["email"] and set(people[0]) == {
        "id", "name", "email", "team", "language", "guest_since", "administrator_since", "created_at", "disabled_at",
    }

    with site_of(app).database.engine.connect() as connection:
        secrets = [
            value for table, column in (("people", "password_hash"), ("tokens", "token_hash"), ("sign_ins", "token_hash"))
            for value, in connection.exec_driver_sql(f"SELECT {column} FROM {table}") if value
        ]
    secrets += [path.read_text("latin-1") for path in (settings.data / "keys").iterdir() if not path.name.endswith((".pub", "allowed_signers"))]
    whole = b"\n".join(taken.values())
    assert len(secrets) > 5 and not [secret for secret in secrets if secret.strip().encode("latin-1") in whole]


def test_an_administrator_who_may_not_read_a_space_is_told_so_and_gets_nothing_of_it(bank, boss, taken):
    page = boss.get(PAGE).text

    assert "What is left out" in page and "Vault" in page.split("What is left out")[1]
    assert not [name for name in taken if "vault" in name.lower()] and b"combination" not in b"".join(taken.values())
    assert "Vault" in taken["index.html"].decode()
    assert "Only a draft" not in b"".join(taken.values()).decode("utf-8", "replace")      # administrators see no drafts


def test_the_command_line_takes_out_every_space(app, bank, tmp_path):
    done = run(app, tmp_path / "out")

    assert done.exit_code == 0, done.output
    assert "combination is hidden" in (tmp_path / "out/spaces/vault/procedures/VAULT-001/VAULT-001.md").read_text()
    assert "Only a draft" in (tmp_path / "out/spaces/kyc/changes.json").read_text()
    assert run(app, tmp_path / "out.zip", "--language", "fr").exit_code == 0
    with zipfile.ZipFile(tmp_path / "out.zip") as file:
        assert "En vigueur" in file.read("spaces/kyc/index.html").decode()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


@pytest.mark.parametrize("name", ["full", "full.zip"])
def test_nothing_that_stands_there_is_written_over(app, bank, tmp_path, name):
    place = tmp_path / name
    if name == "full":
        place.mkdir()
        (place / "mine.txt").write_text("mine")
    else:
        place.write_text("mine")

    done = run(app, place)

    assert done.exit_code == 1 and "is there already" in done.output
    assert (place / "mine.txt" if name == "full" else place).read_text() == "mine"


def test_the_journal_keeps_who_took_it_out(bank, boss, taken):
    acts = bank.read("/journal", "administrator")["items"]

    assert [(one["act"], one["actor"]["name"]) for one in acts if one["act"] == "export"] == [("export", "Administrator Martin")]


@pytest.mark.parametrize("who, status", [("author", 403), ("auditor", 403), ("guest", 403), (None, 401)])
def test_nobody_but_administrators_takes_out_the_site(bank, boss, who, status):
    assert bank.browser(who).get(PAGE).status_code == status and post(bank.browser(who), PAGE).status_code == status
    assert bank(who).post(PAGE).status_code == status
    assert opened(bank("administrator").post(PAGE).data)["index.html"]


@pytest.mark.parametrize("who, slug, status", [
    ("auditor", "kyc", 200), ("auditor", "vault", 200), ("administrator", "kyc", 200), ("administrator", "vault", 404),
    ("author", "kyc", 404), ("guest", "kyc", 404), ("auditor", "nowhere", 404), (None, "wiki", 404),
])
def test_a_space_is_taken_out_by_its_auditors_and_administrators_who_may_read_it(bank, who, slug, status):
    assert bank(who).get(f"/spaces/{slug}/export").status_code == status
    page = bank.browser(who).get(f"/spaces/{slug}/export.zip")
    assert page.status_code == (401 if who is None else status)
    if status == 200:
        inside = opened(page.data)
        assert "index.html" in inside and "people.csv" not in inside and ("journal.csv" in inside) == (who == "auditor")


def test_the_link_stands_where_it_may_be_followed(bank, boss):
    assert "/spaces/kyc/export.zip" in bank.browser("auditor").get("/spaces/kyc").text
    assert "/spaces/kyc/export.zip" in boss.get("/spaces/kyc").text
    assert "/spaces/kyc/export.zip" not in bank.browser("author").get("/spaces/kyc").text


def test_pictures_of_an_imported_collection_go_along(app, bank, tmp_path):
    source = tmp_path / "source"
    (source / "img").mkdir(parents=True)
    (source / "img" / "logo.png").write_bytes(PICTURE)
    (source / "page.md").write_text("# Page\n\n![Logo](img/logo.png)\n")
    assert app.test_cli_runner().invoke(args=["spaces", "add", "books", "--name", "Books"]).exit_code == 0
    assert app.test_cli_runner().invoke(args=["import", "books", str(source)]).exit_code == 0

    assert run(app, tmp_path / "out").exit_code == 0

    assert (tmp_path / "out/spaces/books/files/img/logo.png").read_bytes() == PICTURE


@pytest.mark.parametrize("wanted, name", [
    ("../../etc/passwd", "_.._etc_passwd"), ("..", "_"), ("a\x00b", "a_b"), ("CON", "_CON"), ("nul.txt", "_nul.txt"), ("a:b", "a_b"),
    ("ends.", "ends"), ("é" + "x" * 300, "é" + "x" * 199), ("plain.pdf", "plain.pdf"),
])
def test_no_name_leaves_its_folder_or_is_one_that_a_system_refuses(wanted, name):
    assert Names().of(wanted) == name


def test_names_that_differ_only_by_case_or_accent_form_are_kept_apart():
    names = Names()

    assert [names.of(one) for one in ("Form.pdf", "form.pdf", "FORM.PDF", "e\u0301.md", "é.md")] == ["Form.pdf", "form~2.pdf", "FORM~3.PDF", "é.md", "é~2.md"]


def test_somebody_who_loses_the_role_meanwhile_gets_no_more(app, bank):
    person = make_person(app, "Olga Other", administrator=True)

    assert caller(app, person).get("/spaces/vault/export").status_code == 404
    assert sign_in(app.test_client(), person).get("/spaces/vault/export.zip").status_code == 404
