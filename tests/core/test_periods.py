"""What a text says of how often it is reviewed, read in two languages; and a year that ends on no 29 February."""

from datetime import date

import pytest

from core.periods import Period, period


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("12 months", Period(12, 0)), ("1 year", Period(12, 0)), ("90 days", Period(0, 90)), ("6 weeks", Period(0, 42)),
        ("12 mois", Period(12, 0)), ("1 an", Period(12, 0)), ("2 ans", Period(24, 0)), ("6 semaines", Period(0, 42)),
        ("1 année", Period(12, 0)), ("chaque année", Period(12, 0)), ("tous les 2 ans", Period(24, 0)), ("30 jours", Period(0, 30)),
        ("every two years", Period(24, 0)), ("Yearly", Period(12, 0)), ("annuelle", Period(12, 0)), ("dix-huit mois", Period(18, 0)),
        ("12months", Period(12, 0)), ("12-month", Period(12, 0)), ("24  mois.", Period(24, 0)), ("P1Y", Period(12, 0)),
        ("deux trimestres", Period(6, 0)),
    ],
)
def test_a_period_is_read_in_english_and_in_french(words, expected):
    assert period(words) == expected


@pytest.mark.parametrize(
    "words", ["", "12", "often", "months", "two", "0 months", "-3 months", "999999 years", "101 years", "every 3rd month", "12 Monate", "1 an et demi", "x" * 400]
)
def test_what_names_no_period_is_none(words):
    assert period(words) is None


@pytest.mark.parametrize(
    ("words", "begun", "expected"),
    [
        ("1 year", date(2024, 2, 29), date(2025, 2, 28)),
        ("4 years", date(2024, 2, 29), date(2028, 2, 29)),
        ("12 months", date(2027, 2, 28), date(2028, 2, 28)),
        ("1 month", date(2026, 1, 31), date(2026, 2, 28)),
        ("6 months", date(2026, 8, 31), date(2027, 2, 28)),
        ("3 months", date(2026, 10, 15), date(2027, 1, 15)),
        ("90 days", date(2026, 1, 1), date(2026, 4, 1)),
    ],
)
def test_months_are_those_of_the_calendar(words, begun, expected):
    assert period(words).after(begun) == expected
