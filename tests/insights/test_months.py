"""A year in figures: months are the site's own, percentiles are real waits, drawings stand inside their box. FR-7."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.charts import HEIGHT, WIDTH, layered, stacked
from insights.ledger import waiting_words
from insights.months import Mark, Talk, firsts, months, share

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 3, 31)


def asked(*when: int, waited_h: float | None = None, kind: str = "question") -> Talk:
    at = datetime(*when, tzinfo=UTC)
    return Talk(kind, at, at + timedelta(hours=waited_h) if waited_h is not None else None, 1)


def test_twelve_months_end_with_this_one_whatever_its_last_day():
    known = firsts(TODAY)
    assert len(known) == 12 and known[0] == date(2025, 4, 1) and known[-1] == date(2026, 3, 1)
    assert firsts(date(2024, 2, 29), 2) == [date(2024, 1, 1), date(2024, 2, 1)]


def test_a_month_is_one_of_the_sites_time_zone():
    # Half past eleven in the evening of 28 February in London is March in Paris.
    made = {one.first: one for one in months(TODAY, PARIS, [asked(2026, 2, 28, 23, 30)], [], [])}
    assert made[date(2026, 3, 1)].questions == 1 and made[date(2026, 2, 1)].questions == 0


def test_a_month_counts_what_was_asked_and_how_long_it_waited():
    talks = [asked(2026, 3, day, waited_h=day) for day in range(1, 11)] + [asked(2026, 3, 5), asked(2026, 3, 5, kind="gap"), asked(2026, 3, 5, kind="tip", waited_h=1)]
    mark = Mark("KYC-001", 2, "T", datetime(2026, 3, 2, tzinfo=UTC))
    made = months(TODAY, PARIS, talks, [datetime(2026, 3, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)], [mark])[-1]

    assert (made.questions, made.unanswered, made.gaps, made.tips, made.voices) == (11, 1, 1, 1, 1)
    assert (made.median_h, made.ninetieth_h) == (5, 9) and made.versions == (mark,)


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_a_share_is_a_value_that_so_many_do_not_exceed(values, part):
    found = share(values, part)
    assert found in values and sum(value <= found for value in values) >= part * len(values) - 1e-6
    assert all(sum(value <= other for value in values) < part * len(values) + 1e-6 for other in values if other < found)
    assert share([], part) is None


@given(st.lists(st.tuples(st.integers(0, 11), st.sampled_from(["question", "gap", "tip"]), st.floats(0, 5000)), max_size=40))
def test_a_drawing_stays_in_its_box_and_bars_stand_on_each_other(given_talks):
    first = firsts(TODAY)
    talks = [Talk(kind, datetime(*first[at].timetuple()[:3], 12, tzinfo=UTC), datetime(*first[at].timetuple()[:3], 12, tzinfo=UTC) + timedelta(hours=waited), 1) for at, kind, waited in given_talks]
    made = months(TODAY, PARIS, talks, [], [])
    for chart in (stacked(made, [("asked", lambda month: month.questions), ("gaps", lambda month: month.gaps)]), layered(made, [("ninetieth", lambda month: month.ninetieth_h or 0)])):
        assert all(0 <= bar.x and bar.x + bar.width <= WIDTH and 0 <= bar.y and bar.y + bar.height <= HEIGHT for bar in chart.bars)
        assert chart.is_empty is (not chart.bars) and len(chart.months) == 12 and 1 < len(chart.values) < 12
    columns = {}
    for bar in stacked(made, [("asked", lambda month: month.questions), ("gaps", lambda month: month.gaps)]).bars:
        columns.setdefault(bar.x, []).append(bar)
    assert all(abs(upper.y + upper.height - lower.y) < 0.2 for lower, upper in (pair for pair in columns.values() if len(pair) == 2))


@pytest.mark.parametrize(("hours", "words"), [(None, "–"), (0, "1 minute"), (0.5, "30 minutes"), (0.9999, "1 hour"), (30, "30 hours"), (60, "2.5 days")])
def test_a_wait_is_said_as_people_say_it(app, hours, words):
    with app.test_request_context("/"):
        assert waiting_words(hours) == words
