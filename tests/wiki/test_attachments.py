"""Files that come with a text: in the digest, in git with it, merged with what came meanwhile, and never half there."""

import errno
import os
import subprocess
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from accounts.models import Space
from core.errors import Conflict, Denied, Invalid, TooBig, Unavailable
from tests.wiki.samples import docx, pdf, png
from tests.world import SECTIONS
from wiki import attached, changes, reconciling, sending, verifying
from wiki.attached import content_of, listed, received
from wiki.digest import content, digest
from wiki.drafts import Draft, DraftText
from wiki.models import Approval, Change, ChangeText, Save, Version
from wiki.proposals import texts_of, writers_of

pytestmark = pytest.mark.both


def git(world, *arguments):
    path = world.library.repository("kyc").path
    return subprocess.run(["git", "-C", str(path), *arguments], capture_output=True, check=True).stdout


def tree(world):
    return git(world, "ls-tree", "-r", "--name-only", "main").decode().split()


def findings(world):
    with world.database.reading() as session:
        return list(verifying.findings(session, world.library, []))


def given(world, **files):
    return tuple(received(world.library, name.replace("_", "."), content) for name, content in files.items())


def names(holder):
    return [one.name for one in listed(holder)]


def first(world, people, **files):
    """Publish a procedure with these files."""
    return world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS, added=given(world, **files)))


def amend(world, people, markdown=SECTIONS + "More.\n", **more):
    return world.open(people.author, "kyc", DraftText(code="KYC-001", markdown=markdown, **more))


def kept(world, change, **more):
    """Return a draft of a change as it stands, its first text altered."""
    with world.database.reading() as session:
        one, *others = texts_of(session, change)
    texts = [DraftText(t.action, t.code, t.markdown, t.base) for t in (one, *others)]
    return Draft(change.reason, change.kind, (replace(texts[0], **more), *texts[1:]))


def save(world, person, change, **more):
    return world.act(person, changes.save, change.id, change.digest, kept(world, change, **more))


def text_of(world, change):
    with world.database.reading() as session:
        return texts_of(session, change)[0]


def test_files_are_published_in_git_byte_for_byte_beside_the_text(world, people):
    first(world, people, form_pdf=pdf(), seal_png=png())

    assert tree(world) == ["kyc-001.md", "kyc-001/form.pdf", "kyc-001/seal.png"]
    assert git(world, "show", "main:kyc-001/seal.png") == png()
    version = world.standing("KYC-001").in_force
    assert [(one.name, one.type, one.size) for one in listed(version)] == [
        ("form.pdf", "application/pdf", len(pdf())), ("seal.png", "image/png", len(png()))
    ]
    assert content_of(world.library, "kyc", listed(version)[0]) == pdf()
    git(world, "fsck", "--strict")
    assert findings(world) == []


def test_a_digest_without_files_is_what_it_was_before_there_were_any(world, people):
    change = world.open(people.author, "kyc", DraftText(markdown=SECTIONS))
    covered = {
        "space": "kyc", "kind": "material", "reason": "Because", "in_force_from": None, "replaces_scheduled": False,
        "texts": [{"action": "create", "code": "KYC-001", "base": None, "file": SECTIONS, "attachments": []}],
    }

    assert change.digest == digest(covered)


def test_the_digest_covers_name_bytes_size_and_type_of_every_file(world, people):
    one = DraftText("create", "KYC-001", SECTIONS, attachments=attached.rows(given(world, b_txt=b"b", a_txt=b"a")))
    covered = content("kyc", kind="material", reason="", in_force_from=None, replaces_scheduled=False, texts=[one])

    assert [list(file) for file in covered["texts"][0]["attachments"]] == [["name", "sha256", "size", "type"]] * 2
    assert [file["name"] for file in covered["texts"][0]["attachments"]] == ["a.txt", "b.txt"]


@pytest.mark.parametrize("swap", ["added", "removed", "replaced", "renamed"])
def test_a_file_swapped_after_an_approval_makes_it_fall_and_its_bringer_a_writer(world, people, swap):
    world.space("two", approvals=2, prefix="TWO")
    for person in (people.author, people.second):
        world.grant("two", person, "author")
    for person in (people.approver, people.second):
        world.grant("two", person, "approver")
    change = world.submit(people.author, world.open(people.author, "two", DraftText(markdown=SECTIONS, added=given(world, form_txt=b"first"))))
    world.approve(people.approver, change)
    change = world.act(people.author, lambda session, library, actor: session.get(Change, change.id))
    more = {
        "added": {"added": given(world, other_txt=b"other")},
        "removed": {"removed": frozenset({"form.txt"})},
        "replaced": {"added": given(world, form_txt=b"second")},
        "renamed": {"removed": frozenset({"form.txt"}), "added": given(world, paper_txt=b"first")},
    }[swap]

    moved = save(world, people.second, change, **more)

    assert moved.state == "in_review" and moved.digest != change.digest
    with pytest.raises(Conflict):
        world.approve(people.approver, change)
    with pytest.raises(Denied):
        world.approve(people.second, moved)
    with world.database.reading() as session:
        fallen = session.scalar(select(Approval).where(Approval.change_id == change.id))
        assert fallen.fell_at and "Chloé" in fallen.fell_by
        assert [person.name for person in writers_of(session, moved)] == ["Anne Author", "Chloé Second"]
        last = session.scalars(select(Save).where(Save.change_id == change.id).order_by(Save.id.desc())).first()
        assert last.content["texts"][0]["attachments"] == attached.covered(texts_of(session, moved)[0])


def test_the_same_file_again_changes_nothing_and_lets_no_approval_fall(world, people):
    change = world.submit(people.author, world.open(people.author, "kyc", DraftText(markdown=SECTIONS, added=given(world, form_txt=b"first"))))

    again = save(world, people.second, change, added=given(world, form_txt=b"first"))

    assert again.digest == change.digest and len(text_of(world, again).attachments) == 1
    assert len([path for path in world.library.uploads.folder.iterdir() if path.name != "lock"]) == 1


def test_an_amended_text_starts_with_the_files_of_its_base(world, people):
    first(world, people, form_pdf=pdf(), seal_png=png())

    change = amend(world, people, removed=frozenset({"SEAL.png"}), added=given(world, list_csv=b"a;b\n"))
    assert names(text_of(world, change)) == ["form.pdf", "list.csv"]
    world.approve(people.approver, world.submit(people.author, change))

    assert tree(world) == ["kyc-001.md", "kyc-001/form.pdf", "kyc-001/list.csv"]
    assert [names(version) for version in world.standing("KYC-001").versions] == [["form.pdf", "list.csv"], ["form.pdf", "seal.png"]]
    assert findings(world) == []


def test_only_its_files_may_change_and_nothing_at_all_may_not(world, people):
    first(world, people, form_txt=b"first")

    with pytest.raises(Invalid):
        world.submit(people.author, amend(world, people, markdown=SECTIONS))
    change = amend(world, people, markdown=SECTIONS, added=given(world, form_txt=b"second"))
    assert world.approve(people.approver, world.submit(people.author, change)).state == "published"


def test_a_name_is_one_name_in_whatever_letters(world, people):
    first(world, people, form_txt=b"first")

    change = amend(world, people, added=(received(world.library, "FORM.TXT", b"second"),))
    world.approve(people.approver, world.submit(people.author, change))

    assert tree(world) == ["kyc-001.md", "kyc-001/FORM.TXT"] and findings(world) == []


def test_to_retire_takes_the_files_out_and_to_restore_brings_the_last_ones_back(world, people):
    first(world, people, form_txt=b"first")
    world.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", markdown=SECTIONS, added=given(world, form_txt=b"second")))

    world.publish(people.author, people.approver, "kyc", DraftText(action="retire", code="KYC-001"))
    assert tree(world) == [] and names(world.standing("KYC-001").latest) == []
    world.publish(people.author, people.approver, "kyc", DraftText(action="restore", code="KYC-001"))

    assert git(world, "show", "main:kyc-001/form.txt") == b"second" and findings(world) == []


def test_to_cancel_puts_the_files_of_the_version_before_back(world, people):
    first(world, people, form_txt=b"first")
    coming = DraftText(code="KYC-001", markdown=SECTIONS, removed=frozenset({"form.txt"}), added=given(world, new_txt=b"new"))
    world.publish(people.author, people.approver, "kyc", coming, in_force_from=world.day(9))
    assert tree(world) == ["kyc-001.md", "kyc-001/new.txt"]

    world.publish(people.author, people.approver, "kyc", DraftText(action="cancel", code="KYC-001"))

    assert tree(world) == ["kyc-001.md", "kyc-001/form.txt"] and findings(world) == []
    assert names(world.standing("KYC-001").latest) == ["form.txt"]


@pytest.mark.parametrize("action", ["retire", "cancel", "restore"])
def test_only_a_text_that_is_written_takes_files(world, people, action):
    first(world, people)
    world.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", markdown=SECTIONS + "x"), in_force_from=world.day(9))
    if action == "restore":
        world.publish(people.author, people.approver, "kyc", DraftText(action="retire", code="KYC-001"), replaces_scheduled=True)

    with pytest.raises(Invalid) as refused:
        world.open(people.author, "kyc", DraftText(action=action, code="KYC-001", added=given(world, form_txt=b"x")))
    assert refused.value.field == "file"


def test_files_that_only_one_side_touched_are_merged(world, people):
    first(world, people, a_txt=b"a", b_txt=b"b", c_txt=b"c")
    ours = amend(world, people, SECTIONS.replace("First", "FIRST"), added=given(world, a_txt=b"A", d_txt=b"d"))
    theirs = amend(world, people, SECTIONS.replace("Third", "THIRD"), removed=frozenset({"b.txt"}), added=given(world, e_txt=b"e"))
    world.approve(people.approver, world.submit(people.author, theirs))

    world.approve(people.approver, world.submit(people.author, ours))

    latest = world.standing("KYC-001").latest
    assert [(one.name, content_of(world.library, "kyc", one)) for one in listed(latest)] == [
        ("a.txt", b"A"), ("c.txt", b"c"), ("d.txt", b"d"), ("e.txt", b"e")
    ]
    assert findings(world) == []


def test_a_merge_of_files_in_review_is_shown_before_it_is_approved(world, people):
    first(world, people)
    change = world.submit(people.author, amend(world, people, SECTIONS.replace("First", "FIRST")))
    world.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", markdown=SECTIONS, added=given(world, form_txt=b"x")))

    with pytest.raises(Conflict):
        world.approve(people.approver, change)
    with world.database.reading() as session:
        present = session.get(Change, change.id)
    assert present.digest != change.digest and names(text_of(world, present)) == ["form.txt"]
    assert world.approve(people.approver, present).state == "published"


@pytest.mark.parametrize("theirs", [{"form_txt": b"theirs"}, None])
def test_a_file_that_both_sides_touched_is_a_conflict_that_names_it_and_can_be_settled(world, people, theirs):
    first(world, people, form_txt=b"first")
    ours = amend(world, people, SECTIONS.replace("First", "FIRST"), added=given(world, form_txt=b"ours"))
    other = {"added": given(world, **theirs)} if theirs else {"removed": frozenset({"form.txt"})}
    other["added"] = (*other.get("added", ()), *given(world, besides_txt=b"besides"))
    world.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", markdown=SECTIONS, **other))

    with pytest.raises(Conflict) as conflict:
        world.submit(people.author, ours)
    assert "form.txt" in str(conflict.value) and conflict.value.sides.version == 2
    settled = save(world, people.author, ours, base=2)
    world.approve(people.approver, world.submit(people.author, settled))

    latest = world.standing("KYC-001").latest
    assert [content_of(world.library, "kyc", one) for one in listed(latest)] == [b"besides", b"ours"] and findings(world) == []


def test_files_follow_their_procedure_when_a_draft_is_put_in_another_order(world, people):
    first(world, people, form_txt=b"first")
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS + "2", added=given(world, two_txt=b"2")))
    one, two = (DraftText(code=code, markdown=SECTIONS + "new") for code in ("KYC-001", "KYC-002"))
    change = world.open(people.author, "kyc", replace(one, added=given(world, new_txt=b"new")), two)

    moved = world.act(people.author, changes.save, change.id, change.digest, Draft("Because", "material", (two, one)))

    with world.database.reading() as session:
        assert [(t.code, names(t)) for t in texts_of(session, moved)] == [("KYC-002", ["two.txt"]), ("KYC-001", ["form.txt", "new.txt"])]


def test_at_most_twenty_files_of_a_procedure(world, people):
    twenty = {f"f{n}_txt": b"x%d" % n for n in range(20)}
    change = world.open(people.author, "kyc", DraftText(markdown=SECTIONS, added=given(world, **twenty)))

    with pytest.raises(Invalid) as refused:
        save(world, people.author, change, added=given(world, one_more_txt=b"x"))
    assert "20" in str(refused.value)
    assert len(text_of(world, save(world, people.author, change, added=given(world, f3_txt=b"other"))).attachments) == 20


def test_a_file_has_ten_mebibytes_and_a_change_fifty(world, people, monkeypatch):
    largest = b"x" * attached.LARGEST
    with pytest.raises(TooBig) as refused:
        received(world.library, "big.txt", largest + b"x")
    assert "10 MiB" in str(refused.value)
    five = tuple(received(world.library, f"big{n}.txt", largest[:-1] + b"%d" % n) for n in range(5))
    change = world.open(people.author, "kyc", DraftText(markdown=SECTIONS, added=five))

    with pytest.raises(TooBig) as refused:
        save(world, people.author, change, added=given(world, small_txt=b"x"))
    assert "50 MiB" in str(refused.value)
    world.approve(people.approver, world.submit(people.author, change))
    # What is there already counts no more.
    assert len(text_of(world, amend(world, people, added=given(world, small_txt=b"x"))).attachments) == 6


class Crash(Exception):
    """The process dies here."""


def test_a_crash_between_git_and_sql_rebuilds_the_list_from_the_commit(world, people):
    from wiki.approving import approve

    change = world.submit(people.author, world.open(people.author, "kyc", DraftText(markdown=SECTIONS, added=given(world, form_pdf=pdf(), b_txt=b"b"))))
    with pytest.raises(Crash), world.database.transaction() as session:
        approve(session, world.library, world.actor(session, people.approver), change.id, change.digest)
        raise Crash

    assert reconciling.reconcile(world.database, world.library) == (["kyc"], [])

    assert names(world.standing("KYC-001").in_force) == ["b.txt", "form.pdf"] and findings(world) == []


def test_a_change_that_only_git_remembers_has_its_files_again(world, people):
    world.space("wiki", approvals=0, prefix="WIKI")
    world.grant("wiki", people.author, "author")
    with pytest.raises(Crash), world.database.transaction() as session:
        space = session.scalar(select(Space).where(Space.slug == "wiki"))
        draft = Draft("", None, (DraftText(markdown=SECTIONS, added=given(world, form_pdf=pdf())),))
        change = changes.open_change(session, world.library, world.actor(session, people.author), space, draft)
        sending.submit(session, world.library, world.actor(session, people.author), change.id)
        raise Crash

    reconciling.reconcile(world.database, world.library)

    assert names(world.standing("WIKI-001").in_force) == ["form.pdf"] and findings(world) == []


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("UPDATE versions SET attachments = '[]'", "KYC-001 version 1: attachments"),
        ("UPDATE change_texts SET attachments = '[]' WHERE code = 'KYC-001'", "is not what was approved"),
    ],
)
def test_verify_names_a_list_that_is_not_what_git_says(world, people, sql, named):
    first(world, people, form_txt=b"first")
    assert findings(world) == []

    with world.database.transaction() as session:
        session.execute(text(sql))

    assert any(named in line for line in findings(world))


def test_verify_names_an_upload_that_is_not_what_was_uploaded(world, people):
    change = world.open(people.author, "kyc", DraftText(markdown=SECTIONS, added=given(world, form_txt=b"first")))
    assert findings(world) == []
    path = world.library.uploads.folder / listed(text_of(world, change))[0].sha256

    path.write_bytes(b"another")
    assert findings(world) == [f"change {change.id}: the file form.txt of KYC-001 is not what was uploaded"]
    with pytest.raises(Unavailable):
        world.approve(people.approver, world.submit(people.author, change))
    assert tree_is_empty(world)


def tree_is_empty(world):
    return world.library.repository("kyc").tip() is None


def test_verify_names_a_file_that_git_cannot_read(world, people):
    first(world, people, form_docx=docx())
    blob = listed(world.standing("KYC-001").in_force)[0].blob
    path = world.library.repository("kyc").path / "objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-8])
    world.library.repository("kyc").objects._kept.cache_clear()

    assert any(f"its file {blob} cannot be read" in line for line in findings(world))


def test_uploads_are_closed_to_others_and_written_whole(world, people):
    given(world, form_txt=b"first")
    path = next(path for path in world.library.uploads.folder.iterdir() if path.name != "lock")

    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o077 == 0
    assert path.read_bytes() == b"first"


@pytest.mark.parametrize("where", ["write", "fsync", "rename"])
def test_a_full_disk_takes_no_file_and_leaves_nothing(world, people, monkeypatch, where):
    given(world, before_txt=b"before")

    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    if where == "write":
        monkeypatch.setattr("core.flushing.os.fdopen", full)
    else:
        monkeypatch.setattr(f"core.flushing.os.{where}", full)
    with pytest.raises(Unavailable):
        given(world, form_txt=b"first")
    monkeypatch.undo()

    assert len([path for path in world.library.uploads.folder.iterdir() if path.name != "lock"]) == 1
    assert given(world, form_txt=b"first")[0].size == 5


def test_what_no_draft_needs_goes_after_a_day_and_not_before(world, people):
    from wiki.sweeping import sweep

    change = world.open(people.author, "kyc", DraftText(markdown=SECTIONS, added=given(world, kept_txt=b"kept", gone_txt=b"gone")))
    save(world, people.author, change, removed=frozenset({"gone.txt"}))
    folder = world.library.uploads.folder
    (folder / "tmp_obj_1_2").write_bytes(b"half")
    assert sweep(world.database, world.library) == 0

    for path in folder.iterdir():
        os.utime(path, (1, 1))
    assert sweep(world.database, world.library) == 2
    assert content_of(world.library, "kyc", listed(text_of(world, change))[0]) == b"kept"

    world.approve(people.approver, world.submit(people.author, world.act(people.author, lambda s, li, a: s.get(Change, change.id))))
    assert sweep(world.database, world.library) == 1       # git has it now
    assert findings(world) == []


def test_a_file_brought_again_while_it_is_swept_stays(world, people):
    given(world, form_txt=b"first")
    uploads = world.library.uploads
    for path in uploads.folder.iterdir():
        os.utime(path, (1, 1))

    def used():
        given(world, form_txt=b"first")
        return ()

    assert uploads.sweep(used) == 0


def test_a_version_row_and_a_text_row_without_files_hold_an_empty_list(world, people):
    first(world, people)

    with world.database.reading() as session:
        assert session.scalars(select(Version.attachments)).all() == session.scalars(select(ChangeText.attachments)).all() == [[]]
