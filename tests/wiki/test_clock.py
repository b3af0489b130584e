"""Days are days of the site's zone, instants are UTC, and order is by number: no clock makes a rule true or false.

R25, R26: a night of changed clocks, a leap day, and two machines that disagree by five minutes.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Person
from core import clock
from tests.site import grant, make_person, make_space, sign_in, site_of
from tests.world import SECTIONS, World
from wiki.drafts import DraftText
from wiki.repository import Library

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def paris(world, people, tmp_path) -> World:
    return World(world.database, Library(tmp_path / "data", PARIS))


def at(monkeypatch, *moment):
    monkeypatch.setattr(clock, "now", lambda: datetime(*moment, tzinfo=UTC))


@pytest.mark.parametrize(("day", "before", "after"), [
    (date(2026, 3, 29), (2026, 3, 28, 22, 59, 59), (2026, 3, 28, 23, 0, 0)),      # the short day begins in winter time
    (date(2026, 3, 30), (2026, 3, 29, 21, 59, 59), (2026, 3, 29, 22, 0, 0)),      # and ends in summer time
    (date(2026, 10, 25), (2026, 10, 24, 21, 59, 59), (2026, 10, 24, 22, 0, 0)),   # the long day begins in summer time
    (date(2026, 10, 26), (2026, 10, 25, 22, 59, 59), (2026, 10, 25, 23, 0, 0)),   # and ends in winter time
    (date(2028, 2, 29), (2028, 2, 28, 22, 59, 59), (2028, 2, 28, 23, 0, 0)),
    (date(2028, 3, 1), (2028, 2, 29, 22, 59, 59), (2028, 2, 29, 23, 0, 0)),
])
def test_a_version_takes_force_at_midnight_of_the_sites_zone(paris, people, monkeypatch, day, before, after):
    at(monkeypatch, day.year, 1, 5, 12)
    paris.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    at(monkeypatch, day.year, 2, 1, 12)
    paris.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", markdown=SECTIONS + "New.\n"), in_force_from=day)

    at(monkeypatch, *before)
    assert (paris.standing("KYC-001").in_force.number, paris.standing("KYC-001").scheduled[0].number) == (1, 2)
    at(monkeypatch, *after)
    assert (paris.standing("KYC-001").in_force.number, paris.standing("KYC-001").scheduled) == (2, ())


def test_what_is_approved_late_in_the_evening_is_in_force_on_the_day_it_is_there(paris, people, monkeypatch):
    at(monkeypatch, 2026, 6, 30, 22, 30)        # already July in Paris
    paris.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))

    assert paris.standing("KYC-001").in_force.in_force_from == date(2026, 7, 1)
    assert paris.standing("KYC-001", date(2026, 6, 30)).in_force is None


def test_a_machine_whose_clock_is_behind_publishes_the_next_number_all_the_same(paris, people, monkeypatch):
    start = datetime(2026, 6, 30, 12, tzinfo=UTC)
    for number in range(6):
        skew = timedelta(minutes=-5 if number % 2 else 0, seconds=number)
        monkeypatch.setattr(clock, "now", lambda skew=skew: start + skew)
        text = DraftText(code="KYC-001" if number else None, markdown=SECTIONS + f"{number}\n")
        paris.publish(people.author, people.approver, "kyc", text)

    standing = paris.standing("KYC-001")
    assert [v.number for v in standing.versions] == [6, 5, 4, 3, 2, 1]
    assert standing.in_force.number == 6 and paris.text("kyc", "KYC-001").endswith("5\n")
    times = [v.approved_at for v in reversed(standing.versions)]
    assert times != sorted(times), "the clocks did disagree"


def test_a_clock_that_goes_back_a_year_shows_that_nothing_was_in_force_then_and_loses_nothing(paris, people, monkeypatch):
    at(monkeypatch, 2026, 6, 30, 12)
    paris.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    at(monkeypatch, 2025, 6, 30, 12)
    assert paris.standing("KYC-001").state == "scheduled"
    at(monkeypatch, 2026, 7, 1, 12)
    assert paris.standing("KYC-001").state == "in_force"


def test_a_reader_in_another_zone_meets_what_is_in_force_where_the_site_is(app, monkeypatch):
    parts = site_of(app)
    at(monkeypatch, 2026, 6, 1, 12)
    make_space(app, "kyc", approvals=1)
    author, approver = make_person(app, "Anne Martin"), make_person(app, "Boris Durand")
    grant(app, "kyc", author, "author")
    grant(app, "kyc", approver, "approver")
    world = World(parts.database, parts.library)
    world.publish(author.id, approver.id, "kyc", DraftText(markdown=SECTIONS))
    world.publish(author.id, approver.id, "kyc", DraftText(code="KYC-001", markdown=SECTIONS + "New.\n"), in_force_from=date(2026, 7, 1))

    at(monkeypatch, 2026, 6, 30, 23, 59, 59)
    readers = [reader(app, zone) for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago")]    # fourteen hours ahead, eleven behind
    assert ["New." in client.get("/procedures/KYC-001").text for client in readers] == [False, False]
    at(monkeypatch, 2026, 7, 1, 0, 0, 0)
    assert ["New." in client.get("/procedures/KYC-001").text for client in readers] == [True, True]


def reader(app, zone):
    person = make_person(app, zone.split("/")[1])
    with site_of(app).database.transaction() as session:
        session.get(Person, person.id).timezone = zone
    return sign_in(app.test_client(), person)
