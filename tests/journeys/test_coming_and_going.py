"""Signing in and out, and choosing a language."""

from playwright.sync_api import expect

from tests.journeys.places import either, either_or_plain
from tests.journeys.steps import PASSWORD


@either
def test_signing_out_ends_the_sign_in_even_for_a_copy_of_its_cookie(person):
    member, thief = person("member", "kyc"), person()
    copied = member.page.context.cookies()
    thief.page.context.add_cookies(copied)
    assert thief.page.goto("/account").status == 200

    member.open("/").press("Sign out").reads(member.say("Sign in"))

    thief.page.context.add_cookies(copied)
    assert thief.page.goto("/account").status == 401


@either_or_plain
def test_a_person_comes_back_with_a_password_to_the_page_they_asked_for(person):
    member = person("member", "kyc").open("/account")
    member.press("Sign out").open("/procedures/KYC-001").sees("Sign in").is_well()

    member.fill("E-mail address", member.row.email).fill("Password", "something else").press("Sign in")
    assert member.field("E-mail address").input_value() == member.row.email
    member.is_well().fill("Password", PASSWORD).press("Sign in").reads("KYC-001", "Opening an account for an individual")


@either_or_plain
def test_a_link_signs_in_once(person, ground):
    member = person("member", "kyc")
    link = ground.link(member.row)
    person().open(link).press("Sign in", None).sees("What do you need to know?")

    person().open(link).sees("This link no longer works").is_well()


@either_or_plain
def test_a_person_changes_the_language_where_they_stand_and_it_stays(person, language):
    other = {"en": "Français", "fr": "English"}[language]
    member = person("member", "kyc").open("/procedures/KYC-001")
    member.press(member.page.get_by_role("button", name=other))

    expect(member.page.locator("html")).to_have_attribute("lang", {"en": "fr", "fr": "en"}[language])
    assert member.page.url.endswith("/procedures/KYC-001")
    member.open("/spaces")
    expect(member.page.locator("html")).to_have_attribute("lang", {"en": "fr", "fr": "en"}[language])
