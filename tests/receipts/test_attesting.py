"""Saying that one has read and understood, and being asked again. ISO-13, FR-6."""

import threading

import pytest
from sqlalchemy import func, select

from core import journal
from core.errors import Conflict, Denied
from receipts.attesting import attest
from receipts.models import Receipt, Reminder
from receipts.to_read import to_read
from tests.receipts.conftest import RULE
from wiki.models import Version

pytestmark = pytest.mark.both


def rows(desk, model=Receipt) -> int:
    with desk.world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def test_a_receipt_names_the_version_and_its_exact_text_fr_6(desk):
    """FR-6, ISO-13: that somebody knows a version of a procedure is acknowledged by them and kept."""
    desk.ask(desk.ines)

    receipt = desk.attest(desk.ines, 1)

    with desk.world.database.reading() as session:
        version = session.scalar(select(Version).where(Version.number == 1))
        assert (receipt.version, receipt.blob, receipt.person_id) == (1, version.blob, desk.ines)
        assert list(journal.findings(session)) == []
    assert desk.acts()[-1] == "attest"
    assert desk.roll() == {"missing": [], "attested": [desk.ines], "past": []}


def test_saying_it_twice_is_one_receipt_and_one_act(desk):
    desk.ask(desk.ines)
    first = desk.attest(desk.ines, 1)
    second = desk.attest(desk.ines, 1)

    assert first.id == second.id and rows(desk) == 1 and desk.acts().count("attest") == 1


def test_saying_again_what_was_attested_before_another_version_came_is_no_problem(desk):
    desk.ask(desk.ines)
    first = desk.attest(desk.ines, 1)
    desk.amend(RULE + "\nA new duty.\n")

    assert desk.attest(desk.ines, 1).id == first.id
    assert desk.waits_for(desk.ines) == [("KYC-001", 2, 1)]


def test_only_the_version_in_force_can_be_attested(desk):
    desk.ask(desk.ines)
    desk.amend(RULE + "\nA new duty.\n")
    desk.amend(RULE + "\nFrom next week.\n", in_force_from=desk.world.day(7))

    for version in (1, 3, 99):
        with pytest.raises(Conflict) as refused:
            desk.attest(desk.ines, version)
        assert refused.value.present == {"code": "KYC-001", "version": 2}
    assert desk.attest(desk.ines, 2).version == 2


def test_auditors_and_those_who_are_not_asked_attest_nothing(desk):
    desk.ask(desk.ines, roles=("member",))
    with pytest.raises(Denied):
        desk.attest(desk.auditor, 1)
    desk.ask(desk.ines)
    with pytest.raises(Denied):
        desk.attest(desk.sofia, 1)

    assert rows(desk) == 0


def test_past_receipts_stay_when_new_ones_come(desk):
    desk.ask(desk.ines)
    desk.attest(desk.ines, 1)
    desk.amend(RULE + "\nA new duty.\n")
    assert desk.roll() == {"missing": [desk.ines], "attested": [], "past": [desk.ines]}

    desk.attest(desk.ines, 2)
    assert desk.roll() == {"missing": [], "attested": [desk.ines], "past": [desk.ines]}


def test_clicks_at_the_same_instant_make_one_receipt(desk):
    desk.ask(desk.ines)
    barrier, ids = threading.Barrier(4), []

    def click():
        barrier.wait()
        ids.append(desk.world.act(desk.ines, attest, "KYC-001", 1).id)

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()

    assert len(ids) == 4 and len(set(ids)) == 1 and rows(desk) == 1 and desk.acts().count("attest") == 1


def test_a_click_and_a_publication_at_the_same_instant_have_one_order(desk):
    desk.ask(desk.ines)
    barrier, refused = threading.Barrier(2), []

    def click():
        barrier.wait()
        try:
            desk.attest(desk.ines, 1)
        except Conflict as problem:
            refused.append(problem.present["version"])

    one = threading.Thread(target=click)
    one.start()
    barrier.wait()
    desk.amend(RULE + "\nA new duty.\n")
    one.join()

    assert (refused, rows(desk)) in (([2], 0), ([], 1))
    assert desk.waits_for(desk.ines) == [("KYC-001", 2, None if refused else 1)]


def test_those_who_have_not_are_asked_again_and_see_by_whom_iso_6(desk):
    """ISO-6, ISO-13: who was told is known, and who is late is told again."""
    desk.ask(desk.ines, desk.sofia)
    desk.attest(desk.sofia, 1)

    assert desk.remind() == [desk.ines]

    assert desk.acts()[-1] == "remind"
    with desk.world.database.reading() as session:
        (one,) = to_read(session, desk.world.library, desk.world.actor(session, desk.ines))
    assert [again.name for again in one.reminders] == ["Hélène Author"]
    desk.attest(desk.ines, 1)
    with pytest.raises(Conflict):
        desk.remind()


def test_nobody_is_asked_again_twice_on_a_day(desk, later):
    desk.ask(desk.ines)
    assert desk.remind() == [desk.ines]
    assert desk.remind(desk.approver) == [] and rows(desk, Reminder) == 1

    desk.ask(desk.ines, desk.sofia)
    assert desk.remind(desk.approver) == [desk.sofia]
    later(1)
    assert set(desk.remind()) == {desk.ines, desk.sofia}


def test_a_reminder_of_before_somebody_attested_is_forgotten(desk, later):
    desk.ask(desk.ines)
    desk.remind()
    desk.attest(desk.ines, 1)
    later(2)
    desk.amend(RULE + "\nA new duty.\n")

    with desk.world.database.reading() as session:
        (one,) = to_read(session, desk.world.library, desk.world.actor(session, desk.ines))
    assert one.reminders == ()


def test_only_authors_and_approvers_ask_again(desk):
    desk.ask(desk.ines)

    for person in (desk.auditor, desk.ines):
        with pytest.raises(Denied):
            desk.remind(person)
    assert desk.remind(desk.approver) == [desk.ines]


def test_what_waits_takes_a_constant_number_of_statements(desk):
    """One where nothing waits; otherwise the same however much does."""
    from sqlalchemy import event

    from receipts.audiences import Chosen, choose
    from wiki.drafts import DraftText

    def statements() -> int:
        made = []
        count = lambda *given: made.append(given[2])     # noqa: E731
        with desk.world.database.reading() as session:
            actor = desk.world.actor(session, desk.ines)
            event.listen(desk.world.database.engine, "before_cursor_execute", count)
            to_read(session, desk.world.library, actor)
            event.remove(desk.world.database.engine, "before_cursor_execute", count)
        return len(made)

    assert statements() == 1
    desk.ask(desk.ines, applies_to=True)
    few = statements()
    for number in range(2, 8):
        desk.world.publish(desk.author, desk.approver, "kyc", DraftText(markdown=RULE))
        desk.world.act(desk.author, choose, f"KYC-{number:03d}", Chosen(applies_to=True))

    assert len(desk.waits_for(desk.ines)) == 7 and statements() == few
