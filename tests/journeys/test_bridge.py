"""The bridge: practice that should be the rule becomes a change, and its thread says what came of it."""

from playwright.sync_api import expect

from tests.journeys.places import either_or_plain
from tests.journeys.steps import approve, send


def told(person, code, number):
    """Return the link that says which version a thread became."""
    words = person.say("Became version %(number)s of %(code)s on %(day)s", number=number, code=code, day="|").partition("|")[0]
    return person.named(words)


def changed(author, thread):
    """Make a change of the rule out of a thread, send it for review, and return its path."""
    author.open(f"/threads/{thread}").follow("This should be the rule").is_well()
    author.sees("This change comes from what was said in a thread. Each will lead to the other.")
    expect(author.field("Why this change?")).to_have_value("")      # git keeps a reason for ever, never somebody's words
    text = author.field("Text in Markdown").input_value()
    return send(author.fill("Text in Markdown", text.replace("at nine", "at half past nine")), "Nobody comes before.")


@either_or_plain
def test_a_tip_becomes_a_change_that_is_declined_then_another_that_becomes_the_rule(person, ground):
    space = ground.space()
    code = ground.procedure(space)
    thread = ground.thread(code, "We open at half past nine.", kind="tip", quote="The counter opens at nine.")
    author, approver, reader = person("author", space), person("approver", space), person("member", space)

    approver.open(changed(author, thread)).reads("We open at half past nine.").is_well()
    approver.unfold("Decline, with a reason").fill("Why not?", "Ask the guard first.").press("Decline").sees("Declined")
    author.open(f"/threads/{thread}").sees("A change that came of it was declined: %(reason)s", reason="Ask the guard first.").is_well()
    reader.open(f"/threads/{thread}").reads_nothing_of("Ask the guard first.")      # why is for those who see changes

    approve(approver, changed(author, thread)).sees("Published.")
    reader.open(f"/threads/{thread}").is_well().follow(told(reader, code, 2)).reads("The counter opens at half past nine.")


@either_or_plain
def test_a_reader_proposes_what_a_colleague_does(person, ground):
    space = ground.space()
    code = ground.procedure(space)
    thread = ground.thread(code, "We open at half past nine.", kind="gap", quote="The counter opens at nine.")
    reader, author = person("member", space), person("author", space)

    reader.open(f"/threads/{thread}").follow("This should be the rule").is_well()
    reader.fill("The passage, in your words", "The counter opens at half past nine.").fill("Why?", "Everybody does.").press("Propose")
    reader.sees("Proposed. The authors of this space find it on their front page.")

    author.open(f"/threads/{thread}").follow("The change that came of it").reads("half past nine", "We open at half past nine.").is_well()
