"""What is in force on a day: computed, with no job having to run."""

from datetime import date, timedelta

import pytest

from core import clock
from core.errors import Conflict, Invalid
from tests.world import SECTIONS
from wiki.drafts import DraftText
from wiki.models import Version
from wiki.standing import standing


def version(number, day, *, blob="b", cancelled_by=None):
    return Version(number=number, in_force_from=date.fromisoformat(day), blob=blob, cancelled_by=cancelled_by)


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-01-31", None), ("2026-02-01", 1), ("2026-02-28", 1), ("2026-03-01", 3), ("2027-01-01", 3)],
)
def test_the_highest_number_whose_day_has_come_is_in_force(day, expected):
    versions = [version(1, "2026-02-01"), version(2, "2026-02-15", cancelled_by="c"), version(3, "2026-03-01")]

    found = standing(versions, date.fromisoformat(day))

    assert (found.in_force.number if found.in_force else None) == expected


def test_a_version_without_text_leaves_nothing_in_force():
    found = standing([version(1, "2026-01-01"), version(2, "2026-02-01", blob=None)], date(2026, 3, 1))

    assert found.in_force is None and found.state == "retired"


def test_a_scheduled_version_takes_force_by_itself(world, people, monkeypatch):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    world.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", markdown="Later"), in_force_from=world.day(10))
    assert world.standing("KYC-001").in_force.number == 1

    tomorrow = clock.now() + timedelta(days=10)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)

    assert world.standing("KYC-001").in_force.number == 2


def test_publishing_over_a_scheduled_version_must_say_so(world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    world.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", markdown="Later"), in_force_from=world.day(10))
    change = world.open(people.author, "kyc", DraftText(code="KYC-001", markdown="Now"))

    with pytest.raises(Conflict) as conflict:
        world.submit(people.author, change)
    assert conflict.value.field == "replaces_scheduled"

    world.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", markdown="Now"), replaces_scheduled=True)
    found = world.standing("KYC-001")
    assert found.in_force.number == 3 and [found.state_of(v) for v in found.versions] == ["in_force", "cancelled", "superseded"]


def test_cancelling_a_scheduled_version_makes_no_version(world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    world.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", markdown="Later"), in_force_from=world.day(10))

    world.publish(people.author, people.approver, "kyc", DraftText(action="cancel", code="KYC-001"))

    found = world.standing("KYC-001")
    assert len(found.versions) == 2 and found.versions[0].cancelled_by
    repository = world.library.repository("kyc")
    assert repository.text(repository.blob_at(repository.tip(), "kyc-001.md")) == SECTIONS
    with pytest.raises(Invalid):
        world.open(people.author, "kyc", DraftText(action="cancel", code="KYC-001"))


def test_retire_then_restore_brings_the_last_text_back(world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))

    world.publish(people.author, people.approver, "kyc", DraftText(action="retire", code="KYC-001"))
    assert world.standing("KYC-001").state == "retired" and world.text("kyc", "KYC-001") is None
    with pytest.raises(Invalid):
        world.open(people.author, "kyc", DraftText(code="KYC-001", markdown="x"))

    world.publish(people.author, people.approver, "kyc", DraftText(action="restore", code="KYC-001"))
    assert world.text("kyc", "KYC-001") == SECTIONS and world.standing("KYC-001").in_force.number == 3


def test_a_change_cannot_take_force_yesterday(world, people):
    with pytest.raises(Invalid) as invalid:
        world.open(people.author, "kyc", DraftText(markdown=SECTIONS), in_force_from=world.day(-1))
    assert invalid.value.field == "in_force_from"

    assert world.open(people.author, "kyc", DraftText(markdown=SECTIONS), in_force_from=world.day(0))
