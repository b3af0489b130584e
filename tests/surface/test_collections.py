"""Real collections with their whole past: any text of any page, old or new, can be read, and the new ones found."""

import random
import re
import subprocess

import pytest
from sqlalchemy import select

from tests.site import make_space, sign_in, site_of
from tests.surface.data import beside
from wiki.importing import run
from wiki.models import Procedure, Version

COLLECTIONS = ["fr/etalab-guides", "en/datica-policies", "en-fr/canada-digital-playbook", "en/18f-handbook"]
SEED, REVISIONS, SENTENCES = 4711, 25, 12


def git(repository, *arguments) -> bytes:
    return subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True, check=True).stdout


def sentence(text: str, chance: random.Random) -> str | None:
    """Return a run of plain words of a text, if there is any."""
    runs = re.findall(r"(?<![^\W\d_])[^\W\d_]{2,}(?: [^\W\d_]{2,}){6,11}(?![^\W\d_])", re.sub(r"\[.*?\]\(.*?\)|<.*?>|`.*?`|https?://\S+", "\n", text))
    return chance.choice(runs) if runs else None


def rows(app) -> list[tuple[str, Version]]:
    with site_of(app).database.reading() as session:
        return [tuple(row) for row in session.execute(select(Procedure.code, Version).join(Version, Version.procedure_id == Procedure.id).order_by(Version.id))]


def check_revisions(bank, client, repository, chance: random.Random, found) -> None:
    """Hold random versions to what git itself shows: every byte, the author, the page."""
    for code, version in chance.sample(found, min(REVISIONS, len(found))):
        read = bank.read(f"/procedures/{code}?version={version.number}")
        assert git(repository, "log", "-1", "--format=%an", version.commit).decode().strip() == version.author
        assert client.get(f"/procedures/{code}/versions/{version.number}").status_code == 200
        if version.blob is None:
            assert read["markdown"] is None
            continue
        assert read["markdown"].encode() == git(repository, "show", f"{version.commit}:{version.path}"), (code, version.number)
        assert (read["approvals"], read["approved_at"]) == ([], None) and read["in_force_from"] == version.in_force_from.isoformat()


def check_found(bank, chance: random.Random, codes: list[str]) -> int:
    """Search for a run of words of each text in force as somebody would; return how many were tried."""
    tried = 0
    for code in codes:
        words = sentence(bank.read(f"/procedures/{code}")["markdown"] or "", chance)
        if words is None or tried == SENTENCES:
            continue
        tried += 1
        hits = bank("author").get("/search", query_string={"q": words, "kind": "procedure", "page_size": 20}).json
        assert code in [one["code"] for one in hits["items"]], (code, words)
    return tried


@pytest.mark.parametrize("name", COLLECTIONS)
def test_any_text_of_a_collection_is_read_byte_for_byte_and_the_new_ones_are_found(bank, name, capsys):
    bundle, chance, site = beside(f"corpora/{name}.bundle"), random.Random(SEED), site_of(bank.app)
    make_space(bank.app, "old", prefix="OLD", language="fr" if name.startswith("fr") else "en")

    assert run(site, "old", str(bundle)) == 0
    told, found, repository = capsys.readouterr().out, rows(bank.app), site.library.repository("old").path
    assert f"{len(found)} versions." in told and len(told.splitlines()) > 1
    check_revisions(bank, sign_in(bank.app.test_client(), bank.people["author"]), repository, chance, found)
    listed = bank.read("/spaces/old/procedures?page_size=1000")["items"]
    assert check_found(bank, chance, chance.sample([one["code"] for one in listed], min(len(listed), 3 * SENTENCES))) >= 5

    commits = {version.commit for _, version in found}
    known = subprocess.run(["git", "-C", str(repository), "cat-file", "--batch-check"], input="\n".join(commits), capture_output=True, text=True, check=True)
    assert known.stdout.count(" commit ") == len(commits)
    git(repository, "merge-base", "--is-ancestor", max(found, key=lambda row: row[1].published_at)[1].commit, "main")
    assert run(site, "old", str(bundle)) == 0 and capsys.readouterr().out.startswith("Nothing new.\n") and len(rows(bank.app)) == len(found)


def test_an_imported_version_has_its_shape(bank):
    bundle = beside("corpora/fr/etalab-guides.bundle")
    make_space(bank.app, "old", prefix="OLD", language="fr")
    run(site_of(bank.app), "old", str(bundle))

    for code in ("OLD-001", "OLD-002", "OLD-003"):
        versions = bank.read(f"/procedures/{code}/versions?page_size=1000")["items"]
        assert all((one["imported"], one["approvals"], one["approved_at"], one["kind"]) == (True, [], None, "editorial") for one in versions)
        assert [one["version"] for one in versions] == list(range(len(versions), 0, -1))
        days = [one["in_force_from"] for one in versions]
        assert days == sorted(days, reverse=True)
        assert "@" not in "".join(one["author"] for one in versions)
