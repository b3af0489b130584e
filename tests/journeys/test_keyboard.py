"""What only the keyboard meets; that it does everything else too, each journey shows (see places.py)."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.hands import Keyboard
from tests.journeys.places import DESK, FRENCH_DESK
from tests.journeys.steps import PASSWORD, rewrite, send

keyed = pytest.mark.parametrize("place", [DESK, replace(FRENCH_DESK, hands=Keyboard)], ids=str)

# What works a page without the hands of whoever sits before it.
_BY_ITSELF = re.compile(r"\.(?:click|dblclick|tap|check|uncheck|select_option|set_input_files|press_sequentially|focus)\(")


def test_journeys_work_the_site_with_their_hands_alone():
    found = [f"{path.name}: {line}" for path in Path(__file__).parent.glob("*.py") for line in path.read_text().splitlines() if _BY_ITSELF.search(line)]

    assert [line for line in found if not line.startswith("hands.py: ")] == []
    assert found


@keyed
def test_the_first_tab_leads_past_the_head_of_the_page(person):
    member = person("member", "kyc").open("/procedures/KYC-001")
    member.page.keyboard.press("Tab")
    expect(member.link("Go to the content")).to_be_focused()
    member.page.keyboard.press("Enter")
    assert member.page.url.endswith("#main")


@keyed
def test_a_stroke_goes_to_the_search_box_until_it_is_turned_off(person):
    member = person("member", "kyc").open("/procedures/KYC-001")
    member.page.keyboard.press("/")
    expect(member.page.locator("#q")).to_be_focused()

    member.go_to(member.page.locator("[data-keys] input"))
    for key in ("Space", "Tab", "/"):
        member.page.keyboard.press(key)
    expect(member.page.locator("#q")).not_to_be_focused()
    member.page.reload()
    expect(member.page.locator("[data-keys] input")).not_to_be_checked()


@keyed
def test_enter_in_the_password_field_approves(person, ground):
    approver = person("approver", "kyc")
    change = send(rewrite(person("author", "kyc"), ground.procedure("kyc"), "nine", "ten"), "Nobody comes before ten.")

    approver.open(change).fill("Your password, once more", PASSWORD).page.keyboard.press("Enter")
    approver.sees("Published.").reads("opens at ten")
