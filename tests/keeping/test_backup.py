"""A backup is the site at one moment; what is restored from it is that site, and verify finds nothing wrong in it. FR-8."""

import errno
import hashlib
import json
import os
import subprocess
import zipfile
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text

from core import journal
from core.errors import Unavailable
from core.journal import Act
from keeping import archives, fitness, restoring, taking
from tests.world import SECTIONS, make_world
from wiki import publishing, reconciling, signing, verifying
from wiki.drafts import DraftText
from wiki.models import Approval, Change, ChangeText, Version

both = pytest.mark.both


@pytest.fixture
def backup(world, tmp_path):
    """A backup of the world as it is."""
    target = tmp_path / "kept" / "site.zip"
    taking.take(world.database, world.library, target, site_name="Test")
    return target


def findings(world):
    late = []
    with world.database.reading() as session:
        return list(verifying.findings(session, world.library, late)), late


def rows(world, model):
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


@both
def test_a_restored_site_is_the_site_and_verify_finds_nothing(world, backup, restore):  # P11-3
    there = restore(backup)

    assert findings(there.world) == ([], []) and there.said.findings == []
    assert there.world.text("kyc", "KYC-001") == SECTIONS
    assert there.world.library.repository("kyc").tip() == world.library.repository("kyc").tip()
    assert {model: rows(there.world, model) for model in (Change, Version, Approval)} == {Change: 2, Version: 1, Approval: 1}
    assert rows(there.world, Act) == rows(world, Act) + 1      # the journal goes on and says that it was restored


@both
def test_a_restored_site_goes_on_where_it_was(backup, restore):
    there = restore(backup).world
    with there.database.reading() as session:
        waiting = session.scalar(select(Change).where(Change.state == "in_review"))
        people = {one["person"] for one in session.scalar(select(Version)).approvals}

    there.approve(people.pop(), waiting)
    there.space("another")

    assert there.text("kyc", "KYC-001").endswith("More.\n") and findings(there) == ([], [])


def test_plain_git_believes_the_signatures_of_a_restored_site(backup, restore):
    path = restore(backup).world.library.repository("kyc").path

    assert subprocess.run(["git", "-C", str(path), "verify-commit", "main"], capture_output=True, check=False).returncode == 0
    subprocess.run(["git", "-C", str(path), "fsck", "--strict"], capture_output=True, check=True)


@both
def test_what_is_published_after_the_snapshot_is_left_out_of_both_stores(world, tmp_path, restore, monkeypatch):
    with world.database.reading() as session:
        waiting = session.scalar(select(Change).where(Change.state == "in_review"))
    take = taking.snapshots.take

    def then_publish(*given):
        moment = take(*given)
        world.approve(world.approver, waiting)
        return moment

    monkeypatch.setattr(taking.snapshots, "take", then_publish)
    taking.take(world.database, world.library, tmp_path / "late.zip")
    there = restore(tmp_path / "late.zip").world

    assert rows(world, Version) == 2 and rows(there, Version) == 1 and findings(there) == ([], [])


class Crash(Exception):
    """The process dies here."""


@both
def test_a_commit_that_was_late_before_the_backup_goes_along_and_is_recorded(world, tmp_path, restore, monkeypatch):
    with world.database.reading() as session:
        waiting = session.scalar(select(Change).where(Change.state == "in_review"))

    def die(*_given, **_more):
        raise Crash

    with monkeypatch.context() as patched, pytest.raises(Crash):
        patched.setattr(publishing, "record", die)
        world.approve(world.approver, waiting)
    taking.take(world.database, world.library, tmp_path / "late.zip")
    there = restore(tmp_path / "late.zip")

    assert len(there.said.late) == 1 and there.said.findings == []
    assert reconciling.reconcile(there.world.database, there.world.library) == (["kyc"], [])
    assert rows(there.world, Version) == 2 and findings(there.world) == ([], [])


def test_a_foreign_commit_is_not_taken_along(world, tmp_path, restore):
    repository = world.library.repository("kyc")
    tip = repository.tip()
    tree = repository.commit_of(tip).tree
    raw = f"tree {tree}\nparent {tip}\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n\nForeign\n".encode()
    repository.move(tip, repository.objects.write("commit", raw))

    taking.take(world.database, world.library, tmp_path / "site.zip")

    assert restore(tmp_path / "site.zip").world.library.repository("kyc").tip() == tip


def test_an_emptied_branch_is_backed_up_from_what_sql_recorded(world, tmp_path, restore):
    repository = world.library.repository("kyc")
    tip = repository.tip()
    (repository.path / "refs" / "heads" / "main").write_bytes(b"")

    taking.take(world.database, world.library, tmp_path / "site.zip")

    assert restore(tmp_path / "site.zip").world.library.repository("kyc").tip() == tip


def test_the_manifest_says_what_it_is_and_names_every_file(world, backup):
    with zipfile.ZipFile(backup) as file:
        about = json.loads(file.read("manifest.json"))

        assert (about["product"], about["site_name"], about["totals"]["files"]) == ("living-procedures", "Test", len(file.namelist()) - 1)
    assert about["spaces"] == {"empty": None, "kyc": world.library.repository("kyc").tip()}
    assert about["version"] and about["revision"] and about["made_at"]


def test_a_backup_holds_keys_and_is_for_nobody_elses_eyes(backup, restore):
    there = restore(backup).settings.data

    assert backup.stat().st_mode & 0o777 == 0o600
    assert all(path.stat().st_mode & 0o077 == 0 for path in (there / "keys").iterdir() if "ed25519" in path.name and path.suffix == "")
    assert (there / "keys").stat().st_mode & 0o077 == 0


def test_erased_words_are_in_no_corner_of_a_backup(world, tmp_path, database_kind):
    if database_kind == "sqlite":
        with world.database.transaction() as session:
            session.execute(text("UPDATE spaces SET description = :words"), {"words": "Something personal. " * 2000})
        with world.database.transaction() as session:
            session.execute(text("UPDATE spaces SET description = ''"))

    taking.take(world.database, world.library, tmp_path / "site.zip")

    with zipfile.ZipFile(tmp_path / "site.zip") as file:
        assert all(b"Something personal" not in file.read(name) for name in file.namelist())


# What is refused

def spoil_cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def spoil_byte(path):
    with zipfile.ZipFile(path) as file:
        at = next(one for one in file.infolist() if one.filename.startswith("spaces/")).header_offset + 300
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(bytes(raw))


def spoil_foreign(path):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("holiday.jpg", b"x")


def spoil_text(path):
    path.write_text("Not a backup at all.")


def rewritten(path, change):
    """Write a backup again with its members and manifest changed by somebody who knows how it is made."""
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    about = json.loads(members.pop("manifest.json"))
    change(about, members)
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
        file.writestr("manifest.json", json.dumps(about))


def described(about, members, name, content):
    members[name] = content
    about["files"][name] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def spoil_traversal(path):
    rewritten(path, lambda about, members: described(about, members, "uploads/../../escaped", b"x"))


def spoil_absolute(path):
    rewritten(path, lambda about, members: described(about, members, "/tmp/escaped", b"x"))


def spoil_slug(path):
    rewritten(path, lambda about, members: about["spaces"].update({"../escaped": None}))


def spoil_missing(path):
    rewritten(path, lambda about, members: members.pop("keys/site_ed25519"))


def spoil_unnamed(path):
    rewritten(path, lambda about, members: members.update({"keys/more": b"x"}))


def spoil_content(path):
    rewritten(path, lambda about, members: members.update({"keys/cookies.key" if "keys/cookies.key" in members else "keys/allowed_signers": b"y" * 32}))


def spoil_key(path):
    rewritten(path, lambda about, members: described(about, members, "keys/site_ed25519", signing._new_key()))


def spoil_tip(path):
    rewritten(path, lambda about, members: about["spaces"].update({"kyc": "0" * 40}))


def spoil_kind(path):
    rewritten(path, lambda about, members: about.update({"format": 99}))


SPOILT = {
    "cut": (spoil_cut, "cut short"), "a byte": (spoil_byte, "not whole"), "foreign": (spoil_foreign, "not a backup of Living"),
    "text": (spoil_text, "not a backup"), "traversal": (spoil_traversal, "name that no backup"), "absolute": (spoil_absolute, "name that no backup"),
    "slug": (spoil_slug, "cannot be read"), "missing": (spoil_missing, "not whole"), "unnamed": (spoil_unnamed, "not whole"),
    "content": (spoil_content, "not whole"), "another key": (spoil_key, "things in it"), "another tip": (spoil_tip, "things in it"),
    "another kind": (spoil_kind, "does not know"),
}


@pytest.mark.parametrize("spoil, said", SPOILT.values(), ids=SPOILT)
def test_a_file_that_is_not_a_whole_backup_is_refused_with_a_sentence_and_changes_nothing(backup, copy_of, elsewhere, tmp_path, spoil, said):
    spoilt = copy_of(backup)
    spoil(spoilt)
    known, before = elsewhere(), sorted(os.listdir(tmp_path))

    with pytest.raises(archives.Refused, match=said):
        restoring.restore(known, spoilt)

    assert sorted(os.listdir(tmp_path)) == before and not known.data.exists()
    restoring.restore(known, backup)        # the file that was not spoilt, into the same place


@both
def test_a_backup_of_a_newer_version_names_the_version_that_is_needed(backup, elsewhere):
    rewritten(backup, lambda about, members: about.update({"revision": "9999", "version": "7.5.0"}))

    with pytest.raises(archives.Refused, match=r"made by version 7\.5\.0; this is version .* A newer version is needed: 7\.5\.0 or later"):
        restoring.restore(elsewhere(), backup)


@pytest.mark.parametrize("there", ["something.txt", ".hidden", "site.sqlite3"])
def test_nothing_is_restored_into_a_folder_that_holds_something(backup, elsewhere, there):
    known = elsewhere()
    known.data.mkdir()
    (known.data / there).write_text("mine")

    with pytest.raises(archives.Refused, match="not empty"):
        restoring.restore(known, backup)

    assert [path.name for path in known.data.iterdir()] == [there] and (known.data / there).read_text() == "mine"


def test_a_site_in_which_nothing_was_done_yet_is_restored_too(database, settings, tmp_path, restore):
    taking.take(database, make_world(database, settings.data).library, tmp_path / "site.zip")

    there = restore(tmp_path / "site.zip")

    assert there.said.findings == [] and there.said.about["spaces"] == {}


def test_an_empty_folder_behind_a_link_is_filled_and_the_link_stays(backup, elsewhere, tmp_path):
    known = elsewhere()
    (tmp_path / "disk").mkdir()
    known.data.symlink_to(tmp_path / "disk")

    restoring.restore(known, backup)

    assert known.data.is_symlink() and (tmp_path / "disk" / "spaces" / "kyc.git").is_dir() and (tmp_path / "disk" / "site.sqlite3").exists()


def test_an_empty_folder_that_is_there_already_is_filled(backup, elsewhere):
    known = elsewhere()
    known.data.mkdir()

    restoring.restore(known, backup)

    assert (known.data / "spaces" / "kyc.git").is_dir()


def test_where_nothing_may_stand_beside_the_folder_it_is_filled_from_within(backup, elsewhere, monkeypatch):
    known = elsewhere()
    (known.data / f"{fitness.STAGE}killed").mkdir(parents=True)
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode, **how: path != known.data.parent and may(path, mode, **how))
    before = known.data.parent.stat().st_mtime_ns

    said = restoring.restore(known, backup)

    assert said.findings == [] and known.data.parent.stat().st_mtime_ns == before       # nothing was made beside it, not for a moment
    assert {"keys", "site.sqlite3", "spaces"} <= {path.name for path in known.data.iterdir()}
    assert not list(known.data.glob(f"{fitness.STAGE}*"))


@both
def test_nothing_is_restored_into_a_database_that_holds_something(backup, elsewhere, settings, database_kind, tmp_path):
    url = settings.database if database_kind == "postgresql" else f"sqlite:///{tmp_path / 'other.sqlite3'}"
    (tmp_path / "other.sqlite3").write_bytes(b"mine")

    with pytest.raises(archives.Refused, match="not empty|there already"):
        restoring.restore(replace(elsewhere(), database_url=url), backup)


@both
def test_a_backup_goes_back_only_into_the_kind_of_database_it_is_of_and_says_what_to_do(backup, elsewhere, database_kind):
    """Both directions; what is not reached is not asked for, so no server need be there."""
    right = elsewhere()
    other, said = {
        "sqlite": ("postgresql://127.0.0.1:1/none", "of a site on SQLite, and goes back into SQLite only; this one would be on PostgreSQL. Take PROCEDURES_DATABASE_URL out"),
        "postgresql": ("", "of a site on PostgreSQL, and goes back into PostgreSQL only; this one would be on SQLite. Make an empty PostgreSQL database"),
    }[database_kind]

    with pytest.raises(archives.Refused, match=said):
        restoring.restore(replace(right, database_url=other), backup)

    assert not right.data.exists()
    assert restoring.restore(right, backup).findings == []


def test_a_backup_of_a_kind_of_database_that_nobody_knows_is_refused_by_its_name(backup, elsewhere):
    rewritten(backup, lambda about, members: about.update({"engine": "other"}))

    with pytest.raises(archives.Refused, match="does not know: other"):
        restoring.restore(elsewhere(), backup)


@both
def test_a_site_in_which_something_was_wrong_is_restored_only_when_that_is_accepted(world, tmp_path, elsewhere):
    with world.database.transaction() as session:
        session.execute(text("UPDATE versions SET title = 'Altered'"))
    taking.take(world.database, world.library, tmp_path / "site.zip")
    known = elsewhere()

    with pytest.raises(restoring.Findings) as refused:
        restoring.restore(known, tmp_path / "site.zip")
    assert any("title" in line for line in refused.value.lines) and not known.data.exists()

    assert restoring.restore(known, tmp_path / "site.zip", with_findings=True).findings == refused.value.lines


def test_a_full_disk_leaves_no_half_file(world, tmp_path, monkeypatch):
    kept = tmp_path / "kept"
    taking.take(world.database, world.library, kept / "site.zip")
    whole = (kept / "site.zip").read_bytes()

    def full(*_given):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archives.os, "fsync", full)
    with pytest.raises(OSError):
        taking.take(world.database, world.library, kept / "site.zip")

    assert [path.name for path in kept.iterdir()] == ["site.zip"] and (kept / "site.zip").read_bytes() == whole


def test_a_history_that_cannot_be_read_whole_makes_no_backup(world, tmp_path):
    objects = world.library.repository("kyc").path / "objects"
    next(path for path in objects.rglob("*") if path.is_file()).unlink()

    with pytest.raises(Unavailable, match="space kyc cannot be read whole"):
        taking.take(world.database, world.library, tmp_path / "site.zip")

    assert not (tmp_path / "site.zip").exists()


@both
def test_a_restore_says_so_in_the_journal_whose_chain_goes_on(backup, restore):  # A11-3
    there = restore(backup).world

    with there.database.reading() as session:
        last = session.scalar(select(Act).where(Act.chain == journal.SITE).order_by(Act.sequence.desc()))
        assert last.act == "restore" and list(journal.findings(session)) == []


@both
def test_later_rows_are_numbered_after_those_that_were_restored(backup, restore):
    there = restore(backup).world

    author = there.person("Carla Author")
    there.grant("kyc", author, "author")
    there.open(author, "kyc", DraftText(markdown="# Another\n\nWords.\n"))

    with there.database.reading() as session:
        numbers = session.scalars(select(ChangeText.id).order_by(ChangeText.id)).all()
    assert numbers == [1, 2, 3]
