"""Asking about words of the rule that one chooses from a list, without selecting any."""

import re

import pytest
from sqlalchemy import select

from discussions.anchors import find
from discussions.choosing import choices
from discussions.models import Thread
from discussions.placing import plain_text
from discussions.words import LONGEST_QUOTE
from tests.discussions.conftest import QUOTE, RULE
from tests.site import post, site_of

TWICE = "# Keys\n\nOne person holds the key.\n\n- Yes\n- No\n\n| Who | May |\n|---|---|\n| Desk | Yes |\n| Guard | No |\n"


def test_every_passage_of_a_text_can_be_chosen_in_its_order():
    assert [one.quote for one in choices(plain_text(TWICE))] == ["One person holds the key.", "Yes", "No", "Who", "May", "Desk", "Yes", "Guard", "No"]


def test_what_is_chosen_is_found_in_its_own_place_even_where_the_same_words_stand_twice():
    text = plain_text(TWICE)
    places = [find(text, one.quote, one.prefix, one.suffix) for one in choices(text)]

    assert {place.state for place in places} == {"exact"}
    assert [place.start for place in places] == sorted({place.start for place in places})


def test_a_passage_too_long_to_quote_is_chosen_by_its_beginning():
    [short, long] = choices("Short.\n" + "word " * LONGEST_QUOTE)

    assert short.quote == "Short." and len(long.quote) <= LONGEST_QUOTE and len(long.suffix) == 200


def form_of(page: str) -> dict:
    """Return what stands in the hidden fields that say which words a question is about."""
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("quote", "prefix", "suffix")}


def test_a_passage_is_chosen_and_asked_about_without_script(office):
    client = office.client("asker")
    assert '"/procedures/KYC-001/passages"' in client.get("/procedures/KYC-001").text
    listed = client.get("/procedures/KYC-001/passages").text
    number = next(number for number, words in re.findall(r'threads\?at=(\d+)">([^<]+)', listed) if QUOTE in words)

    asked = form_of(client.get(f"/procedures/KYC-001/threads?at={number}").text)
    answer = post(client, "/procedures/KYC-001/threads", {"kind": "question", "body": "A paper one?"} | asked)
    with site_of(office.app).database.reading() as session:
        thread = session.scalar(select(Thread))
    assert answer.status_code == 303 and thread.quote == f"The adviser obtains {QUOTE}." and thread.position is not None


@pytest.mark.parametrize("asked, status", [("1", 200), ("7", 200), ("8", 422), ("0", 422), ("first", 422)])
def test_only_a_passage_that_stands_in_the_text_is_chosen(office, asked, status):
    assert office.client("asker").get(f"/procedures/KYC-001/threads?at={asked}").status_code == status


@pytest.mark.parametrize("who, status", [("asker", 200), ("auditor", 403), ("guest", 404), (None, 401)])
def test_passages_are_listed_for_those_who_take_part(office, who, status):
    assert office.client(who).get("/procedures/KYC-001/passages").status_code == status


def test_a_long_text_is_listed_in_pages(office):
    office.publish(RULE + "\n\n".join(f"Step {number}." for number in range(300)), "KYC-001")
    client = office.client("asker")

    assert "Step 0." in client.get("/procedures/KYC-001/passages").text
    last = client.get("/procedures/KYC-001/passages?page=2").text
    assert "Step 299." in last and "Step 0." not in last


def test_a_retired_procedure_has_no_words_to_ask_about(office):
    client, author = office.client("asker"), office.client("author")
    answer = post(author, "/procedures/KYC-001/retire", {"then": "submit"})
    assert answer.status_code == 303, answer.text

    assert "threads?at=" not in client.get("/procedures/KYC-001/passages").text
    assert '"/procedures/KYC-001/passages"' not in client.get("/procedures/KYC-001").text
