"""Strings that break programs, in every place that takes words: none is a 500, and what is taken comes back as words."""

import json
from urllib.parse import quote

import pytest

from core.errors import Invalid
from tests.site import make_person, make_space, sign_in
from tests.surface.naughty import dangers, strings

AT_ONCE = 50
PATHS = ("/procedures/", "/spaces/", "/people/", "/procedures/WIKI-001/versions/", "/", "/threads/", "/spaces/wiki/file/")
ARGUMENTS = ("/search?q=a&kind=", "/search?q=a&space=", "/search?q=a&author=", "/spaces/wiki?state=", "/procedures/WIKI-001/on?day=", "/signin?next=")


@pytest.fixture(scope="module")
def browser(standing_bank):
    return sign_in(standing_bank.app.test_client(), standing_bank.people["author"])


def own(page) -> str:
    """Return what a page holds that is not our own forms: the words of people stand between these."""
    return page.text.split("<title>")[1].split("</title>")[0] + page.text.split("<h1")[1].split("<form")[0]


def text_of(words: str) -> str:
    return f"---\ntitle: {json.dumps(words)}\n---\n# {words}\n\n{words}\n\n- {words}\n\n| {words} |\n|---|\n| {words} |\n\n[{words}]({words})\n"


def test_as_text_of_a_procedure_and_as_reason_they_are_words(standing_bank, browser):
    bank, found = standing_bank, strings()
    for start in range(0, len(found), AT_ONCE):
        some = found[start : start + AT_ONCE]
        change = bank.draft(*({"markdown": text_of(words)} for words in some), space="wiki", reason="\n".join(some)[:2000])
        assert [one["markdown"] for one in change["texts"]] == [text_of(words) for words in some]
        assert dangers(own(browser.get(f"/changes/{change['id']}"))) == []
        for words, text in zip(some, bank.submit(change)["texts"], strict=True):
            read = bank.read(f"/procedures/{text['code']}")
            assert read["markdown"] == text_of(words) and dangers(read["html"]) == [], words
            if not set(words) & set("<:&\"'"):
                continue
            page = browser.get(f"/procedures/{text['code']}")
            assert page.status_code == 200 and dangers(page.text.split('class="sheet')[1].split("</article>")[0]) == [], words
    for number in range(1, len(found) // 100 + 2):
        page = browser.get(f"/spaces/wiki?page={number}")
        assert page.status_code == 200 and dangers(page.text.split("<main")[1].split("<form")[0]) == []


def test_as_names_of_people_and_spaces_they_are_words_or_are_refused(standing_bank, browser):
    taken = 0
    for number, words in enumerate(strings()):
        try:
            person = make_person(standing_bank.app, words, email=f"n{number}@bank.example", password=False)
            make_space(standing_bank.app, f"s{number}", name=words, description=words, visibility="public", prefix=_prefix(number))
        except Invalid as refused:
            assert refused.field in ("name", "description")
            continue
        taken += 1
        for path in (f"/people/{person.id}", f"/spaces/s{number}"):
            page = browser.get(path)
            assert page.status_code == 200 and dangers(own(page)) == [], words
        assert standing_bank.read(f"/spaces/s{number}")["slug"] == f"s{number}"
        if number % 50 == 0:      # the frame around a page carries the name of whoever reads it
            page = sign_in(standing_bank.app.test_client(), person).get("/procedures/WIKI-001")
            assert page.status_code == 200 and dangers(page.text.split("<header")[1].split("<form")[0]) == [], words
    assert taken > 100


def test_as_a_search_an_address_or_an_argument_they_are_words(standing_bank, browser):
    bank = standing_bank
    for number, words in enumerate(strings()):
        typed = quote(words.encode(), safe="")
        page = browser.get(f"/search?q={typed}")
        assert page.status_code in (200, 422) and dangers(page.text.split("<h1")[1].split("<form")[0]) == [], words
        assert bank("author").get(f"/search?q={typed}").status_code in (200, 422), words
        path, argument = PATHS[number % len(PATHS)] + typed, ARGUMENTS[number % len(ARGUMENTS)] + typed
        assert browser.get(path).status_code in (200, 303, 308, 400, 404), path
        assert bank("author").get(path).status_code in (200, 400, 404), path
        assert browser.get(argument, follow_redirects=True).status_code in (200, 404, 422), argument


def _prefix(number: int) -> str:
    letters = [chr(65 + number // 26**place % 26) for place in range(3)]
    return "N" + "".join(letters)
