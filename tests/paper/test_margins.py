"""What paper adds to a version: its margins, written by the server."""

import pytest

from tests.world import World
from wiki.drafts import DraftText
from paper.margins import _quoted


@pytest.fixture
def sheet(client, world: World):
    """A public procedure with a superseded version, one in force and one that waits, and a reader of its sheets."""
    author = world.person("Hélène Marchetti")
    world.space("open", approvals=0, visibility="public", prefix="OPE")
    world.grant("open", author, "author")
    for text, code, day in (("# One\n", None, None), ("# Two\n", "OPE-001", None), ("# Three\n", "OPE-001", world.day(30))):
        world.submit(author, world.open(author, "open", DraftText(code=code, markdown=text), in_force_from=day))
    return lambda number, **more: client.get(f"/procedures/OPE-001/versions/{number}/sheet.css", **more)


def test_a_printed_version_says_how_it_stands(sheet):  # ISO-14
    assert "OPE-001, version 1, in force from" in sheet(1).text and "superseded on" in sheet(1).text
    assert "OPE-001, version 2, in force from" in sheet(2).text
    assert "OPE-001, version 3, not in force before" in sheet(3).text


def test_a_sheet_counts_its_pages_and_says_that_nobody_approved(sheet):
    answer = sheet(2)

    assert answer.mimetype == "text/css"
    assert '"Page " counter(page) " of " counter(pages)' in answer.text
    assert "Published without approval" in answer.text


def test_a_sheet_says_where_to_check_whatever_host_the_request_names(sheet):
    for host in ("localhost", "evil.example"):
        text = sheet(2, headers={"Host": host}).text
        assert "Check before use\\00003a  http\\00003a \\00002f \\00002f 127.0.0.1" in text.replace(":", "\\00003a ")
        assert "evil" not in text


def test_a_sheet_speaks_the_language_of_its_reader(sheet):  # ISO-2
    assert "version 2, en vigueur" in sheet(2, headers={"Accept-Language": "fr"}).text


@pytest.mark.parametrize("number", ["0", "4", "01", "x"])
def test_a_version_that_is_not_there_has_no_sheet(sheet, number):
    assert sheet(number).status_code in (401, 404)


def test_the_sheet_of_a_space_with_walls_is_not_there(client, world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown="# Secret\n"))

    assert client.get("/procedures/KYC-001/versions/1/sheet.css").status_code == 401


def test_a_string_cannot_be_ended_from_inside():
    assert _quoted('a";} b\n\\') == '"a\\000022 \\00003b \\00007d  b\\00000a \\00005c "'


def test_letters_of_every_language_stay_themselves():
    assert _quoted("Hélène, version 2") == '"Hélène, version 2"'
