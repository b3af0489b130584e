"""When a review is due, who may say that a procedure is still right, and what is kept of it. SOX-5."""

from datetime import UTC, date, timedelta
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from core import journal
from core.errors import Conflict, Denied, Invalid, NotFound, Unauthenticated
from core.journal import Act
from reviews import reviewing
from reviews.models import Review
from tests.reviews.conftest import rule
from wiki import importing, verifying
from wiki.drafts import DraftText
from wiki.models import Procedure, Version

pytestmark = pytest.mark.both


@pytest.fixture
def ruled(desk):
    desk.publish(rule())
    return desk


def reviews(desk) -> list[Review]:
    with desk.world.database.reading() as session:
        return list(session.scalars(select(Review).order_by(Review.sequence)))


def test_gmp_3_a_text_that_says_how_often_has_a_review_date_from_its_first_day_in_force(ruled):
    """GMP-3: a review date, from the day in force plus the period the text gives."""
    assert ruled.day() == date(2027, 3, 1)
    assert not ruled.kept().due.is_overdue


@pytest.mark.parametrize("every", [None, "often"])
def test_a_text_without_a_period_that_can_be_read_has_no_date_and_that_can_be_said(desk, every):
    desk.publish(rule(every))

    assert desk.day() is None
    assert desk.kept().is_unreadable is (every == "often")


def test_fr_1_overdue_begins_after_the_day_and_needs_no_job(ruled):
    """FR-1: a procedure whose review date has passed is in the list of those overdue, by the date alone."""
    ruled.clock.set(2027, 3, 1, 23, 59)
    assert not ruled.kept().due.is_overdue and ruled.overdue() == []

    ruled.clock.set(2027, 3, 2, 0, 0)
    assert ruled.kept().due.is_overdue and ruled.overdue() == ["KYC-001"]


def test_still_right_is_recorded_and_extends_the_date(ruled):  # SOX-1
    ruled.clock.set(2027, 4, 10, 9)

    said = ruled.review(ruled.approver, note="Read with two branches.")

    assert (said.version, said.verdict, said.day, said.person_id) == (1, "still_right", date(2027, 4, 10), ruled.approver)
    assert ruled.day() == date(2028, 4, 10) and ruled.overdue() == []
    assert ruled.kept().last.name == "Boris Approver"


@pytest.mark.parametrize("verdict", ["needs_change", "retire"])
def test_another_verdict_is_recorded_and_extends_nothing(ruled, verdict):
    ruled.clock.set(2027, 4, 10, 9)

    ruled.review(ruled.author, verdict, note="The form has changed.")

    assert ruled.day() == date(2027, 3, 1) and ruled.overdue() == ["KYC-001"]
    assert [one.verdict for one in reviews(ruled)] == [verdict]


def test_a_material_version_after_the_review_begins_the_time_anew_and_an_editorial_one_does_not(ruled):
    ruled.review(ruled.second)
    ruled.clock.set(2026, 6, 1, 9)
    ruled.publish(rule(words="The adviser looks twice."), code="KYC-001", kind="editorial")
    assert ruled.day() == date(2027, 3, 1)

    ruled.clock.set(2026, 7, 1, 9)
    ruled.publish(rule(words="The adviser looks three times."), code="KYC-001", kind="material")
    assert ruled.day() == date(2027, 7, 1)


def test_a_scheduled_version_counts_from_its_day_and_not_before(ruled):
    ruled.review(ruled.second)
    ruled.publish(rule("6 months", "Otherwise."), code="KYC-001", in_force_from=date(2026, 5, 1))

    assert ruled.day() == date(2027, 3, 1)
    assert [(one.day, one.kind, one.version) for one in ruled.calendar()] == [(date(2026, 5, 1), "takes_force", 2), (date(2027, 3, 1), "review", 1)]
    ruled.clock.set(2026, 5, 1, 0, 0)
    assert ruled.day() == date(2026, 11, 1)


def test_a_retired_procedure_is_not_due_and_cannot_be_reviewed(ruled):
    ruled.world.publish(ruled.author, ruled.approver, "kyc", DraftText(action="retire", code="KYC-001"))

    assert ruled.day() is None
    with pytest.raises(Conflict, match="Nothing is in force"):
        ruled.review(ruled.second)


def test_where_the_end_is_set_only_still_right_can_be_said(ruled):
    retires = DraftText(action="retire", code="KYC-001")
    ruled.world.publish(ruled.author, ruled.approver, "kyc", retires, in_force_from=date(2026, 5, 1))

    for verdict in ("needs_change", "retire"):
        with pytest.raises(Conflict, match="still right until then"):
            ruled.review(ruled.second, verdict)
    assert reviews(ruled) == []
    assert ruled.review(ruled.second).verdict == "still_right"


def test_saying_the_same_again_on_the_same_day_changes_nothing(ruled):
    first = ruled.review(ruled.second, note="Looked at the file.")
    ruled.clock.at += timedelta(hours=2)

    assert ruled.review(ruled.second).id == ruled.review(ruled.second, note="Looked at the file.").id == first.id
    assert len(reviews(ruled)) == 1
    ruled.review(ruled.author)
    ruled.review(ruled.second, note="And at the form.")
    ruled.clock.at += timedelta(days=1)
    ruled.review(ruled.second, note="And at the form.")
    assert len(reviews(ruled)) == 4


def test_a_version_that_moved_while_the_page_was_open_is_a_conflict_with_the_present_one(ruled):
    ruled.publish(rule(words="Otherwise."), code="KYC-001")

    with pytest.raises(Conflict) as refused:
        ruled.review(ruled.second, version=1)
    assert refused.value.present == {"version": 2}
    assert reviews(ruled) == []
    ruled.review(ruled.second, version=2)


def test_two_reviewers_at_once_are_both_kept_and_one_reviewer_twice_at_once_is_kept_once(ruled):
    problems = []

    def say(who):
        try:
            ruled.review(who)
        except Exception as problem:
            problems.append(problem)

    crowd = [Thread(target=say, args=(who,)) for who in (ruled.author, ruled.second, ruled.second, ruled.second)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()

    assert problems == [] and sorted(one.person_id for one in reviews(ruled)) == sorted([ruled.author, ruled.second])


def test_authors_and_approvers_review_and_nobody_else(ruled):
    for who, problem in ((ruled.member, Denied), (ruled.auditor, Denied), (ruled.guest, NotFound), (None, NotFound)):
        with pytest.raises(problem):
            ruled.review(who)
    for who in (ruled.author, ruled.approver, ruled.second):
        ruled.review(who)


def test_in_a_public_space_who_is_not_signed_in_is_asked_to(desk):
    desk.world.space("open", visibility="public", approvals=0, prefix="OPE")
    desk.world.grant("open", desk.author, "author")
    desk.world.submit(desk.author, desk.world.open(desk.author, "open", DraftText(markdown=rule())))

    with pytest.raises(Unauthenticated):
        desk.review(None, code="OPE-001")
    desk.review(desk.author, code="OPE-001")


@pytest.mark.parametrize(("given", "field"), [({"verdict": "perhaps"}, "verdict"), ({"note": "x" * 2001}, "note"), ({"note": "a\x00"}, "note")])
def test_what_cannot_be_taken_is_refused_with_its_field(ruled, given, field):
    with pytest.raises(Invalid) as refused:
        ruled.review(ruled.author, **given)
    assert refused.value.field == field


def test_a_review_is_an_act_of_its_space_and_its_words_are_only_digested(ruled):
    ruled.review(ruled.second, note="Seen with the branch.")

    with ruled.world.database.reading() as session:
        act = session.scalar(select(Act).where(Act.act == "review"))
        said = session.scalar(select(Review))
        assert (act.actor, act.object, act.sequence) == (ruled.second, f"review:{said.id}", said.sequence)
        assert act.reason_digest == journal.digest(act.reason_salt, "Seen with the branch.")
        assert list(journal.findings(session)) == []


def test_the_history_of_reviews_is_told_newest_first(ruled):
    ruled.review(ruled.author, "needs_change", note="One word.")
    ruled.review(ruled.second)

    with ruled.world.database.reading() as session:
        procedure = session.scalar(select(Procedure))
        told, total = reviewing.history(session, procedure, page_size=1)
    assert total == 2 and [(one.name, one.review.verdict) for one in told] == [("Chloé Second", "still_right")]


def test_a_leap_day_and_a_year_end_on_the_28th(desk):
    desk.clock.set(2028, 2, 29, 12)
    desk.publish(rule("1 year"))

    assert desk.day() == date(2029, 2, 28)
    desk.clock.set(2029, 2, 28, 12)
    desk.review(desk.second)
    assert desk.day() == date(2030, 2, 28)


@pytest.mark.parametrize("zone", [ZoneInfo("Europe/Paris")], ids=["paris"])
@pytest.mark.parametrize(
    ("at", "day"),
    [
        ((2026, 3, 28, 23, 30), date(2026, 3, 29)),     # half an hour into the day that lasts 23 hours
        ((2026, 3, 29, 21, 59), date(2026, 3, 29)),     # its last minute, in summer time
        ((2026, 3, 29, 22, 0), date(2026, 3, 30)),
        ((2026, 10, 24, 22, 0), date(2026, 10, 25)),    # the day that lasts 25 hours
        ((2026, 10, 25, 22, 59), date(2026, 10, 25)),
        ((2026, 10, 25, 23, 0), date(2026, 10, 26)),
    ],
)
def test_a_review_counts_on_the_day_of_the_sites_zone_when_clocks_change(desk, at, day):
    desk.publish(rule("1 year"))
    desk.clock.set(*at, zone=UTC)

    assert desk.review(desk.second).day == day
    assert desk.day() == day.replace(year=day.year + 1)


@pytest.mark.parametrize("zone", [ZoneInfo("Europe/Paris")], ids=["paris"])
def test_overdue_begins_at_midnight_of_the_sites_zone_in_the_night_the_clocks_change(desk):
    desk.publish(rule("1 year"))
    desk.clock.set(2026, 3, 28, 12)
    desk.review(desk.second)

    desk.clock.set(2027, 3, 28, 21, 59)     # 28 March, 23:59 in Paris: a day of 23 hours
    assert desk.overdue() == []
    desk.clock.set(2027, 3, 28, 22, 0)
    assert desk.overdue() == ["KYC-001"]


def test_the_last_review_is_told_by_sequence_and_not_by_a_clock_that_is_late(ruled):
    ruled.clock.set(2026, 4, 2, 0, 3)
    ruled.review(ruled.second, note="By a machine that is five minutes early.")
    ruled.clock.set(2026, 4, 1, 23, 58)
    ruled.review(ruled.author, note="By one that is right.")

    assert ruled.kept().last.name == "Anne Author"


def test_versions_recorded_before_their_facts_were_kept_are_read_from_their_texts(ruled):
    with ruled.world.database.transaction() as session:
        session.execute(update(Version).values(review_every=None, regulations=None))

    assert ruled.day() == date(2027, 3, 1)
    with ruled.world.database.reading() as session:
        assert list(verifying.findings(session, ruled.world.library, [])) == []
    with ruled.world.database.transaction() as session:
        session.execute(update(Version).values(review_every="24 months"))
    with ruled.world.database.reading() as session:
        assert ["review_every" in line for line in verifying.findings(session, ruled.world.library, [])] == [True]


def test_the_facts_of_imported_texts_are_kept_as_well(desk, tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.md").write_text(rule("6 mois"))
    desk.world.space("old", approvals=0, prefix="OLD")
    importing.bring_in(desk.world.database, desk.world.library, "old", str(tmp_path / "old"))

    assert desk.kept("OLD-001").due.day == date(2026, 9, 1)
    with desk.world.database.reading() as session:
        assert session.scalar(select(Version.review_every).where(Version.imported)) == "6 mois"
        assert list(verifying.findings(session, desk.world.library, [])) == []
