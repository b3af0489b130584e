"""CSV that other programs open and that none of them runs. Source: RFC 4180."""

import pytest

from core.tables import csv_of


def test_cells_are_quoted_where_they_must_be_and_lines_end_as_they_should():
    assert csv_of(["a", "b"], [["x, y", 'say "no"'], ["one\r\ntwo", None]]) == 'a,b\r\n"x, y","say ""no"""\r\n"one\r\ntwo",\r\n'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start):
    assert csv_of(["head"], [[f"{start}1+1"]]).split("\r\n", 1)[1].strip('"').startswith(f"'{start}")
    assert csv_of(["head"], [["1=1"]]) == "head\r\n1=1\r\n"
