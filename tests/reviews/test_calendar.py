"""The calendar of spaces, its file, and its private address, which reads as its owner may at that moment."""

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar
from sqlalchemy import select

from accounts import people
from accounts.actors import by_id
from accounts.models import Grant, Person, Space
from core.errors import NotFound, Unauthenticated
from reviews import addresses, calendar, ical
from reviews.calendar import Entry
from reviews.models import CalendarAddress
from tests.reviews.conftest import rule
from wiki.drafts import DraftText

pytestmark = pytest.mark.both


def own(desk, who):
    with desk.world.database.reading() as session:
        spaces = calendar.own_spaces(session, by_id(session, who))
        return [(one.code, one.day) for one in calendar.days(session, desk.world.library, spaces).entries]


def make(desk, who) -> str:
    return desk.world.act(who, lambda session, library, actor: addresses.make(session, actor))


def owner(desk, secret: str):
    with desk.world.database.reading() as session:
        return addresses.owner(session, secret).id


def test_what_is_overdue_stands_before_all_and_the_rest_by_month(desk):
    desk.publish(rule("6 months", title="Late"))
    desk.publish(rule("12 months", title="In time"))
    desk.publish(rule(None, title="No period"))
    desk.publish(rule(None, title="Waits"), in_force_from=date(2027, 3, 20))
    desk.clock.set(2026, 9, 2, 9)

    months = calendar.by_month(desk.calendar())

    assert [(one.first, [(entry.code, entry.kind) for entry in one.entries]) for one in months] == [
        (None, [("KYC-001", "review")]),
        (date(2027, 3, 1), [("KYC-002", "review"), ("KYC-004", "takes_force")]),
    ]


def test_fr_1_procedures_in_force_whose_review_has_no_date_are_listed(desk):
    """FR-1: the list of what is in force without a review date; empty, or to be explained by the organisation."""
    for every in ("12 months", None, "now and then"):
        desk.publish(rule(every))
    desk.publish(rule(None), in_force_from=date(2027, 1, 1))

    with desk.world.database.reading() as session:
        found = calendar.days(session, desk.world.library, [session.scalar(select(Space))])
    assert [one.code for one in found.dateless] == ["KYC-002", "KYC-003"]


def test_one_s_own_calendar_holds_the_spaces_where_one_has_a_role_and_no_other(desk):
    desk.publish(rule())
    desk.world.space("other", approvals=0, prefix="OTH")
    desk.world.grant("other", desk.second, "author")
    desk.world.submit(desk.second, desk.world.open(desk.second, "other", DraftText(markdown=rule())))

    assert own(desk, desk.author) == [("KYC-001", date(2027, 3, 1))]
    assert len(own(desk, desk.second)) == 2
    assert own(desk, desk.member) == []


def test_a_guest_with_a_role_in_a_space_that_became_internal_reads_nothing_of_it(desk):
    desk.world.space("brokers", visibility="restricted", approvals=0, prefix="BRO")
    desk.world.grant("brokers", desk.author, "author")
    desk.world.grant("brokers", desk.guest, "member")
    desk.world.submit(desk.author, desk.world.open(desk.author, "brokers", DraftText(markdown=rule())))
    assert own(desk, desk.guest) == [("BRO-001", date(2027, 3, 1))]

    with desk.world.database.transaction() as session:
        session.scalar(select(Space).where(Space.slug == "brokers")).visibility = "internal"
    assert own(desk, desk.guest) == []


def test_only_a_hash_of_an_address_is_kept_and_a_new_one_ends_the_one_before(desk):
    first = make(desk, desk.author)
    assert owner(desk, first) == desk.author

    second = make(desk, desk.author)
    with pytest.raises(NotFound):
        owner(desk, first)
    assert owner(desk, second) == desk.author
    with desk.world.database.reading() as session:
        kept = session.scalars(select(CalendarAddress)).all()
    assert len(kept) == 2 and not any(secret in str(vars(one)) for one in kept for secret in (first, second))


def test_an_ended_address_a_guessed_one_and_a_disabled_owner_are_not_found_alike(desk):
    secret, kept = make(desk, desk.author), make(desk, desk.second)
    for _ in range(2):
        desk.world.act(desk.author, lambda session, library, actor: addresses.end(session, actor))
    with desk.world.database.transaction() as session:
        people.disable(session, None, session.get(Person, desk.second))

    for one in (secret, kept, "guessed", "", "é"):
        with pytest.raises(NotFound):
            owner(desk, one)
    with pytest.raises(Unauthenticated):
        make(desk, None)


def test_an_address_reads_as_its_owner_may_now(desk):
    desk.publish(rule())
    secret = make(desk, desk.author)
    assert own(desk, owner(desk, secret)) != []

    with desk.world.database.transaction() as session:
        for grant in session.scalars(select(Grant).where(Grant.person_id == desk.author)):
            session.delete(grant)
    assert own(desk, owner(desk, secret)) == []


@pytest.mark.parametrize("title", ["Plain", "Comma, semicolon; \\ and “quotes”", "é" * 200, "a\r\nDTSTART:20010101\x00\x1b\u2028x", "%s %(n)s {{7*7}}"])
def test_hostile_titles_end_no_line_of_the_file(title):
    entry = Entry(date(2026, 3, 29), "review", "KYC-001", title, "", 1, Space(slug="kyc"))

    made = ical.written(
        [entry], name=title, host="here", at=datetime(2026, 1, 1, tzinfo=UTC), words=lambda one: f"{one.code} {one.title}",
        address=lambda one: f"https://here/procedures/{one.code}",
    )

    assert all(len(line) <= 75 for line in made.split(b"\r\n")) and b"\n" not in made.replace(b"\r\n", b"")
    event = Calendar.from_ical(made).walk("VEVENT")[0]
    assert event["DTSTART"].dt == date(2026, 3, 29) and str(event["SUMMARY"]).startswith("KYC-001 " + title[:1])
    assert len(Calendar.from_ical(made).walk("VEVENT")) == 1
