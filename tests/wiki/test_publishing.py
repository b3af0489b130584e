"""Publishing: git first, SQL second, one path, and nothing lost in between."""

import subprocess
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import JSON, Boolean, Date, Integer, String, inspect, select, update

from accounts.models import Space
from core import clock
from core.database import Instant
from core.errors import Unavailable
from tests.world import SECTIONS
from wiki import changes, reconciling, sending, verifying
from wiki.drafts import DraftText
from wiki.models import Approval, Change, Version
from wiki.procedures import stood


def git(world, slug, *arguments):
    path = world.library.repository(slug).path
    return subprocess.run(["git", "-C", str(path), *arguments], capture_output=True, text=True, check=True).stdout


def findings(world):
    late = []
    with world.database.reading() as session:
        return list(verifying.findings(session, world.library, late)), late


def test_published_text_is_in_git_byte_for_byte(world, people):
    text = SECTIONS + "Ligne à accents, œuvre. \r\nLast line without an end"

    world.publish(people.author, people.approver, "kyc", DraftText(markdown=text))

    path = world.library.repository("kyc").path
    shown = subprocess.run(["git", "-C", str(path), "show", "main:kyc-001.md"], capture_output=True, check=True).stdout
    assert shown.decode() == text


def test_what_a_change_asks_of_versions_is_read_without_their_words_which_come_when_asked(world, people):
    """A procedure may have hundreds of versions, and every publication looks at them all."""
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS), reason="Because")

    with world.database.reading() as session:
        (version,) = stood(session, world.library, ["KYC-001"], briefly=True)["KYC-001"].standing.versions
        assert {"reason", "written_by", "approvals"} < inspect(version).unloaded and not {"number", "blob"} & inspect(version).unloaded
        assert (version.reason, version.approvals[0]["person"]) == ("Because", people.approver)


def test_plain_git_verifies_the_signature_of_a_publication(world, people):  # A11-11
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))

    git(world, "kyc", "verify-commit", "main")
    assert git(world, "kyc", "log", "-1", "--format=%G? %GS", "main") == "G site\n"
    git(world, "kyc", "fsck", "--strict")


def test_words_of_a_reason_are_never_read_as_a_trailer(world, people):  # SOX-4
    reason = "Fix\n\nApproved-By: somebody 2026-01-01T00:00:00.000000Z approve QA Head\n\n---\nDigest: 00"

    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS), reason=reason)

    approvers = git(world, "kyc", "log", "-1", "--format=%(trailers:key=Approved-By,valueonly)").strip().splitlines()
    assert len(approvers) == 1 and "Boris Approver" in approvers[0]
    assert world.standing("KYC-001").in_force.approvals[0]["name"] == "Boris Approver"


def test_two_changes_that_do_not_touch_are_both_published(world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    first = world.open(people.author, "kyc", DraftText(code="KYC-001", markdown=SECTIONS.replace("First", "FIRST")))
    second = world.open(people.author, "kyc", DraftText(code="KYC-001", markdown=SECTIONS.replace("Third", "THIRD")))

    world.approve(people.approver, world.submit(people.author, first))
    world.approve(people.approver, world.submit(people.author, second))

    assert world.text("kyc", "KYC-001") == SECTIONS.replace("First", "FIRST").replace("Third", "THIRD")
    assert world.standing("KYC-001").in_force.base == 2


class Crash(Exception):
    """The process dies here."""


@pytest.mark.parametrize("approvals", [0, 1])
def test_a_crash_between_git_and_sql_loses_nothing(world, people, approvals):
    world.space("wiki", approvals=approvals, prefix="WIKI")
    world.grant("wiki", people.author, "author")
    world.grant("wiki", people.approver, "approver")
    change = world.open(people.author, "wiki", DraftText(markdown=SECTIONS), DraftText(markdown=SECTIONS + "more"))
    if approvals:
        change = world.submit(people.author, change)

    with pytest.raises(Crash), world.database.transaction() as session:
        if approvals:
            from wiki.approving import approve

            approve(session, world.library, world.actor(session, people.approver), change.id, change.digest, comment="Yes")
        else:
            sending.submit(session, world.library, world.actor(session, people.author), change.id)
        raise Crash

    bad, late = findings(world)
    assert bad == [] and len(late) == 1
    assert reconciling.reconcile(world.database, world.library) == (["wiki"], [])
    assert reconciling.reconcile(world.database, world.library) == ([], [])
    assert findings(world) == ([], [])
    assert world.text("wiki", "WIKI-001") == SECTIONS
    with world.database.reading() as session:
        assert session.get(Change, change.id).state == "published"
        assert len(session.scalars(select(Approval).where(Approval.change_id == change.id)).all()) == approvals


def test_a_change_that_only_git_remembers_is_rebuilt_and_its_code_is_never_given_again(world, people):  # ISO-1, DOC-1
    world.space("wiki", approvals=0, prefix="WIKI")
    world.grant("wiki", people.author, "author")
    with pytest.raises(Crash), world.database.transaction() as session:
        actor = world.actor(session, people.author)
        space = session.scalar(select(Space).where(Space.slug == "wiki"))
        from wiki.drafts import Draft

        change = changes.open_change(session, world.library, actor, space, Draft("", None, (DraftText(markdown=SECTIONS),)))
        sending.submit(session, world.library, actor, change.id)
        raise Crash

    reconciling.reconcile(world.database, world.library)
    following = world.open(people.author, "wiki", DraftText(markdown=SECTIONS + "other"), kind=None)
    world.submit(people.author, following)

    assert world.text("wiki", "WIKI-001") == SECTIONS
    assert world.text("wiki", "WIKI-002") == SECTIONS + "other"
    assert findings(world) == ([], [])


def test_a_foreign_commit_stops_publishing_and_is_named(world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    repository = world.library.repository("kyc")
    tip = repository.tip()
    tree = repository.commit_of(tip).tree
    foreign = git(world, "kyc", "-c", "user.name=x", "-c", "user.email=x@y", "commit-tree", tree, "-p", tip, "-m", "No").strip()
    git(world, "kyc", "update-ref", "refs/heads/main", foreign)

    change = world.submit(people.author, world.open(people.author, "kyc", DraftText(code="KYC-001", markdown="Other")))
    with pytest.raises(Unavailable):
        world.approve(people.approver, change)

    brought, needs = reconciling.reconcile(world.database, world.library)
    assert brought == [] and foreign in needs[0]
    assert world.text("kyc", "KYC-001") == SECTIONS

    git(world, "kyc", "update-ref", "refs/heads/main", tip)
    assert world.approve(people.approver, change).state == "published"


def test_record_is_idempotent(world, people):
    from core import journal
    from wiki.record import record

    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))

    with world.database.transaction() as session:
        space = session.scalar(select(Space).where(Space.slug == "kyc"))
        record(session, world.library, space, journal.lock(session, space.id), space.recorded_tip)

    with world.database.reading() as session:
        assert len(session.scalars(select(Version)).all()) == 1
    assert findings(world) == ([], [])


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("UPDATE journal SET actor = 'somebodyelse1234' WHERE sequence = 2", "journal"),
        ("DELETE FROM journal WHERE sequence = 3 AND chain <> 'site'", "journal"),
        ("UPDATE versions SET title = 'Another title'", "KYC-001 version 1"),
        ("UPDATE versions SET in_force_from = '2020-01-01'", "KYC-001 version 1"),
        ("UPDATE approvals SET digest = 'f00'", "approval"),
        ("UPDATE changes SET reason = 'Another reason'", "change"),
    ],
)
def test_verify_names_what_was_altered_in_sql(world, people, sql, named):  # ISO-11, P11-13
    from sqlalchemy import text

    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    assert findings(world) == ([], [])

    with world.database.transaction() as session:
        session.execute(text(sql))

    bad, _ = findings(world)
    assert bad and any(named in line for line in bad)


@pytest.mark.parametrize("name", [column.name for column in Version.__table__.columns if column.name not in ("id", "procedure_id", "number")])
def test_verify_names_every_column_of_a_version_that_was_altered(world, people, name):  # ISO-11
    """What a version says is in its commit, whichever column it is. (Procedure and number are how it is found.)"""
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    held = Version.__table__.columns[name].type
    others = {Instant: datetime(2020, 1, 1, tzinfo=UTC), Date: date(2020, 1, 1), JSON: ["x"], Boolean: True, Integer: 77, String: "xx"}

    with world.database.transaction() as session:
        session.execute(update(Version).values({name: next(other for kind, other in others.items() if isinstance(held, kind))}))

    bad, _ = findings(world)
    told = "is shown as cancelled by xx" if name == "cancelled_by" else f"{name} is not what was published"
    assert any(f"KYC-001 version 1: {told}" in line for line in bad)


@pytest.mark.parametrize("files", [["x"], [{"blob": 5}], [{}], {"blob": "x"}, "x"])
def test_verify_goes_on_past_a_list_of_files_that_is_none(world, people, files):  # ISO-11
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))

    with world.database.transaction() as session:
        session.execute(update(Version).values(attachments=files))

    bad, _ = findings(world)
    assert any("attachments is not what was published" in line for line in bad)


def test_verify_names_a_version_that_nobody_cancelled(world, people):  # ISO-11
    """Not even a real publication may be said to have cancelled what it did not."""
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    world.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", markdown=SECTIONS + "\nMore.\n"))
    tip = world.library.repository("kyc").tip()
    assert findings(world) == ([], [])

    with world.database.transaction() as session:
        session.execute(update(Version).where(Version.number == 2).values(cancelled_by=tip))

    bad, _ = findings(world)
    assert any(f"KYC-001 version 2: is shown as cancelled by {tip}, and nothing cancelled it" in line for line in bad)


def test_verify_names_a_version_that_is_no_longer_cancelled(world, people):  # ISO-11
    later = clock.today(world.library.zone) + timedelta(days=30)
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    world.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", markdown=SECTIONS + "\nSoon.\n"), in_force_from=later)
    world.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", action="cancel", base=2))
    assert findings(world) == ([], [])

    with world.database.transaction() as session:
        session.execute(update(Version).values(cancelled_by=None))

    bad, _ = findings(world)
    assert any("KYC-001 version 2: is shown as cancelled by nothing" in line for line in bad)


def test_verify_names_a_damaged_text(world, people):  # P11-1
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    blob = world.standing("KYC-001").in_force.blob
    path = world.library.repository("kyc").path / "objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-8])
    world.library.repository("kyc").objects._kept.cache_clear()

    bad, _ = findings(world)

    assert any("KYC-001 version 1" in line and blob in line for line in bad)


def test_a_lock_left_by_a_dead_process_does_not_stop_the_next_one(world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    lock = world.library.repository("kyc").path / "refs" / "heads" / "main.lock"
    lock.write_text("")

    change = world.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", markdown="Other words"))

    assert change.state == "published" and not lock.exists()


def test_an_emptied_branch_is_said_and_reading_goes_on(world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    change = world.submit(people.author, world.open(people.author, "kyc", DraftText(code="KYC-001", markdown="Other")))
    ref = world.library.repository("kyc").path / "refs" / "heads" / "main"
    ref.write_text("")

    with pytest.raises(Unavailable):
        world.approve(people.approver, change)

    assert world.text("kyc", "KYC-001") == SECTIONS
    assert any("kyc" in line for line in findings(world)[0])
