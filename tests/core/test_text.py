from datetime import date

import pytest

from core.errors import Invalid, TooLong
from core.text import block, day, folded, line, verbatim


def test_a_line_is_folded_into_one_form():
    assert line(" Cafe\u0301\t au \u2028 lait ", field="x", limit=20) == "Café au lait"


@pytest.mark.parametrize("raw", [None, 7, ["a"], "", "  ", "\u200b\ufeff", "x" * 21, "a\x00b", "a\u202eb", "\u2066x", "\ud800"])
def test_a_line_that_cannot_be_one_is_refused(raw):
    with pytest.raises(Invalid) as refused:
        line(raw, field="x", limit=20)

    assert refused.value.field == "x"


@pytest.mark.parametrize("typed, length", [("x" * 21, 21), (f"  {'x' * 20}   y ", 22), ("x" * 79, 79), ("x" * 81, 81)])
def test_a_line_that_is_too_long_tells_its_limit_and_its_length(typed, length):
    with pytest.raises(TooLong) as refused:
        line(typed, field="x", limit=20)

    assert refused.value.params == {"limit": 20, "length": length}
    assert line(f"  {'x' * 18}   y ", field="x", limit=20) == f"{'x' * 18} y"


def test_a_block_is_measured_as_it_is_kept():
    assert block("é\r\n" * 10, field="x", limit=20) == "é\n" * 10
    for typed in ("e\u0301\r\n" * 10 + "x", "x" * 21):
        with pytest.raises(TooLong) as refused:
            block(typed, field="x", limit=20)
        assert refused.value.params == {"limit": 20, "length": 21}


def test_a_line_may_be_empty_where_that_is_asked():
    assert line("  ", field="x", limit=5, required=False) == ""


def test_a_block_keeps_its_lines_and_loses_controls():
    assert block("a\r\nb\rc\t\x07d", field="x", limit=50) == "a\nb\nc\td"


def test_verbatim_changes_nothing():
    raw = "a\r\nCafe\u0301\u202e \x07"

    assert verbatim(raw, field="x", limit=50) == raw


@pytest.mark.parametrize("typed", ["", "0", "1893456000", "20260331", "2026-W14-2", "2026-3-31", "2026-02-30", "2026-03-31T00:00", " 2026-03-31", "٢٠٢٦-03-31", "0000-01-01"])
def test_a_day_is_written_in_one_way(typed):
    with pytest.raises(Invalid) as refused:
        day(typed, field="on")

    assert refused.value.field == "on" and day("2026-03-31", field="on") == date(2026, 3, 31)
@pytest.mark.parametrize("spelt", ["Front Office", " front  OFFICE ", "frònt\toffice", "ＦＲＯＮＴ office"])
def test_two_spellings_of_one_name_fold_alike(spelt):
    assert folded(spelt) == "front office" != folded("frontoffice")
