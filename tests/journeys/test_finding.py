"""The one box: results while typing, the page of results, and the same words asked as a question. ISO-4."""

import pytest
from playwright.sync_api import expect

from tests.journeys.accessibility import accessible, fits
from tests.journeys.places import DESK, FRENCH_PHONE, either, everywhere_or_plain


@everywhere_or_plain
def test_words_that_find_nothing_become_a_question_in_one_more_key(person):
    member = person("member", "kyc").open("/")
    member.type("Who waters the office palm trees?")
    member.page.keyboard.press("Enter")
    expect(member.page.locator("#ask-body")).to_have_value("Who waters the office palm trees?")
    member.is_well()
    member.press("Ask")

    expect(member.page.locator("h1")).to_have_text("Who waters the office palm trees?")
    member.open("/search?q=palm+trees").reads("Who waters the office palm trees?")


@either
def test_results_come_while_somebody_types_and_arrows_walk_through_them(person):
    member = person("member", "kyc").open("/")
    member.type("mobile phone bill")
    first = member.page.locator(".suggestions a").first
    expect(first).to_contain_text("Does a mobile phone bill count?")
    # The list lies over the page, whose own links count as crowded by it.
    accessible(member.page, ".suggestions")
    fits(member.page)

    member.page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    member.page.keyboard.press("Escape")
    expect(member.page.locator(".suggestions a")).to_have_count(0)
    expect(member.page.locator("#q")).to_be_focused()

    member.page.keyboard.press("Enter")
    expect(member.page.locator(".warm-ground h3").first).to_have_text("Does a mobile phone bill count?")


@pytest.mark.parametrize("place, words, said", [(DESK, "virement", "français"), (FRENCH_PHONE, "phone bill", "English")], ids=str)
def test_what_is_proposed_while_typing_says_a_language_that_is_not_the_readers(person, words, said):
    member = person("member", "kyc").open("/")
    member.type(words)
    expect(member.page.locator(".suggestions a", has_text=said).first).to_be_visible()

    member.open("/").type({"en": "phone bill", "fr": "virement"}[member.place.language])
    expect(member.page.locator(".suggestions a").first).to_be_visible()
    expect(member.page.locator(".suggestions a", has_text=said)).to_have_count(0)


@pytest.mark.parametrize("place, words", [(DESK, "addresses"), (FRENCH_PHONE, "l'émetteur d’un virement")], ids=str)
def test_both_halves_answer_with_the_found_words_marked(person, words):
    member = person("member", "kyc").open("/").fill("What do you need to know?", words).press("Search")

    expect(member.page.locator(".hit mark").first).to_be_visible()
    member.is_well().follow(member.page.locator(".hit h3 a").first)
    expect(member.page.locator("h1").first).to_be_visible()
