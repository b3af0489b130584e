import pytest

from core.errors import Invalid
from core.text import block, line, verbatim


def test_a_line_is_folded_into_one_form():
    assert line(" Cafe\u0301\t au \u2028 lait ", field="x", limit=20) == "Café au lait"


@pytest.mark.parametrize("raw", [None, 7, ["a"], "", "  ", "x" * 21, "a\x00b", "a\u202eb", "\u2066x", "\ud800"])
def test_a_line_that_cannot_be_one_is_refused(raw):
    with pytest.raises(Invalid) as refused:
        line(raw, field="x", limit=20)

    assert refused.value.field == "x"


def test_a_line_may_be_empty_where_that_is_asked():
    assert line("  ", field="x", limit=5, required=False) == ""


def test_a_block_keeps_its_lines_and_loses_controls():
    assert block("a\r\nb\rc\t\x07d", field="x", limit=50) == "a\nb\nc\td"


def test_verbatim_changes_nothing():
    raw = "a\r\nCafe\u0301\u202e \x07"

    assert verbatim(raw, field="x", limit=50) == raw
