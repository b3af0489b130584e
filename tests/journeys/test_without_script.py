"""The essential journeys with JavaScript turned off: everything works, with one more page here and there."""

from playwright.sync_api import expect

from tests.journeys.places import either
from tests.journeys.steps import approve, choose_password, rewrite, send


@either
def test_a_change_is_written_and_approved_without_script(person, ground):
    code = ground.procedure("kyc")
    approver, author = person("approver", "kyc", script=False), person("author", "kyc", script=False)
    change = send(rewrite(author, code, "nine", "ten"), "Nobody comes before ten.")

    approve(choose_password(approver), change).sees("Published.").reads("opens at ten")


@either
def test_a_question_is_found_asked_and_answered_without_script(person):
    asker, colleague = person("member", "kyc", script=False), person("member", "kyc", script=False)
    asker.open("/").fill("What do you need to know?", "Where do the umbrellas live?").press("Search")
    asker.press("Ask")
    expect(asker.page.locator("h1")).to_have_text("Where do the umbrellas live?")

    colleague.open(asker.page.url).fill("Your answer", "Behind the door.").press("Answer").reads("Behind the door.")
    asker.open(asker.page.url).press("Accept this answer").sees("Answer accepted by %(name)s", name=asker.row.name)


@either
def test_words_are_asked_about_again_without_script(person, ground):
    code = ground.procedure("kyc")
    ground.thread(code, "Which safe?", quote="the key in the safe")
    member = person("member", "kyc", script=False).open(f"/procedures/{code}").follow("Ask about these words")

    expect(member.page.locator("[data-quoted] q")).to_have_text("the key in the safe")
    member.page.locator("#say").fill("And at night?")
    member.press("Ask").reads("And at night?")
