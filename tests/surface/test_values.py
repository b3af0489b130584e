"""Section 6: numbers and days are written in one way, so that none is read as another; twice, unknown or huge is 422."""

import pytest

from tests.surface.bank import RULE

NUMBERS = ["", "1_0", "%2B5", "%205", "5.0", "05", "1e1", "0x5", "%D9%A3", "x", "true", "1,2", "9" * 30, "-1", "%00", "null", "[1]", "1" * 10_000]
DAYS = ["", "0", "1893456000", "2026-03-31T00:00:00", "20260331", "2026-W10-1", "2026-3-1", "2026-02-30", "today", "x" * 10_000, "2026-03-31%00", "null"]
PLACES = {
    "page": "/spaces", "page_size": "/search", "version": "/procedures/KYC-001", "from": "/procedures/KYC-001/compare?to=1",
    "to": "/procedures/KYC-001/compare?from=1", "after": "/journal?space=kyc",
}


@pytest.fixture(scope="module")
def ruled(standing_bank):
    standing_bank.publish({"markdown": RULE})
    return standing_bank


def asked(bank, place, query):
    return bank("auditor").get(f"{place}{'&' if '?' in place else '?'}{query}")


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number[:12])
@pytest.mark.parametrize("name", PLACES)
def test_a_number_is_digits_and_nothing_else(ruled, name, number):
    refused = asked(ruled, PLACES[name], f"{name}={number}")

    assert refused.status_code == 422 and refused.json["field"] == name and refused.json["detail"].endswith(".")
    assert asked(ruled, PLACES[name], f"{name}=1").status_code == 200


@pytest.mark.parametrize("day", DAYS, ids=lambda day: day[:12])
@pytest.mark.parametrize(("place", "name"), [("/procedures/KYC-001", "on"), ("/search?q=words", "after"), ("/search?q=words", "before")])
def test_a_day_is_a_day_and_nothing_else(ruled, place, name, day):
    refused = asked(ruled, place, f"{name}={day}")

    assert refused.status_code == 422 and refused.json["field"] == name
    assert asked(ruled, place, f"{name}=2026-03-31").status_code == 200


@pytest.mark.parametrize("day", [0, 1893456000, 1.5, True, ["2030-01-01"], {"day": 1}, "2030-01-01T00:00:00Z", "20300101", ""])
def test_a_day_in_a_body_is_a_day_and_nothing_else(ruled, day):
    refused = ruled.draft({"markdown": "# x\n"}, in_force_from=day, status=422)

    assert refused["field"] == "in_force_from"
    assert ruled.draft({"markdown": "# x\n"}, in_force_from="2100-01-01")["in_force_from"] == "2100-01-01"


@pytest.mark.parametrize("query", ["q=a&q=b", "kind=rumour", "space=" + "x" * 41, "language=de", "author=" + "x" * 17, "q=" + "x" * 401, "sort=name", "q=%00", "kind="])
def test_what_a_search_does_not_know_is_422(ruled, query):
    refused = asked(ruled, "/search", query)

    assert refused.status_code == 422 and refused.json["field"] == query.partition("=")[0]


@pytest.mark.parametrize("number", ["1", True, 1.5, [1], 0, -1, 2**40])
def test_a_base_is_a_number_of_a_version(ruled, number):
    refused = ruled.draft({"code": "KYC-001", "markdown": "# x\n", "base": number}, status=422)

    assert refused["field"].endswith("base")
