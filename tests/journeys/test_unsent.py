"""What somebody typed and did not send."""

import pytest
from playwright.sync_api import expect

from tests.journeys.places import either
from tests.journeys.steps import rewrite


@either
def test_what_was_typed_is_offered_back_after_a_reload(person, ground):
    code = ground.procedure("kyc")
    author = rewrite(person("author", "kyc"), code, "nine", "half past nine")
    author.page.reload()

    assert author.watch.asked_before_leaving
    author.sees("You wrote something here that was not sent.").is_well()
    assert "half past nine" not in author.field("Text in Markdown").input_value()
    author.press("Bring it back")

    assert "half past nine" in author.field("Text in Markdown").input_value()
    expect(author.page.locator(".preview")).to_contain_text("half past nine")


@either
@pytest.mark.parametrize("where", ["a question", "an answer", "an edit"])
def test_words_of_a_message_are_offered_back_too(person, ground, where):
    code = ground.procedure("kyc")
    thread = ground.thread(code, "Which safe?")
    member = person("member", "kyc").open(f"/procedures/{code}" if where == "a question" else f"/threads/{thread}")
    if where == "an edit":
        member.fill("Your answer", "This one.").press("Answer").follow("Edit")
    box = member.page.locator("#say")
    member.fill(box, "A long thought").page.reload()

    member.sees("You wrote something here that was not sent.").is_well().press("Bring it back")
    expect(box).to_have_value("A long thought")


@either
def test_what_was_sent_is_not_offered_again(person, ground):
    space = ground.space(approvals=0)
    code = ground.procedure(space)
    author = rewrite(person("author", space), code, "nine", "ten").press("Publish").sees("Published.").follow("Write a change")

    author.reads_nothing_of(author.say("You wrote something here that was not sent.") + "</p>")
    expect(author.page.locator("form.editor > .notice")).to_have_count(0)


@either
def test_words_that_were_refused_because_one_was_signed_out_are_offered_back(person, ground):
    code = ground.procedure("kyc")
    thread = ground.thread(code, "Which safe?")
    member = person("member", "kyc").open(f"/threads/{thread}")
    member.fill(member.page.locator("#say"), "A long and precious thought")
    kept = member.page.context.cookies()
    member.page.context.clear_cookies()
    member.press("Answer").sees("This form cannot be taken")

    member.page.context.add_cookies(kept)
    member.open(f"/threads/{thread}").sees("You wrote something here that was not sent.").is_well().press("Bring it back")
    expect(member.page.locator("#say")).to_have_value("A long and precious thought")
