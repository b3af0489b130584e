"""The essential journeys with the keyboard alone: Tab, Enter and what one types."""

from playwright.sync_api import Locator, expect

from tests.journeys.person import Person
from tests.journeys.places import either
from tests.journeys.steps import PASSWORD, choose_password

_FAR = 120


def reach(person: Person, target: Locator) -> None:
    """Press Tab until something has the focus, and see that the focus shows."""
    expect(target).to_be_visible()
    for _ in range(_FAR):
        if target.evaluate("one => one === document.activeElement"):
            assert target.evaluate("one => getComputedStyle(one).outlineStyle") != "none"
            return
        person.page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {target}")


def enter(person: Person, target: Locator) -> None:
    """Reach something and press Enter on it."""
    reach(person, target)
    person.page.keyboard.press("Enter")


def write(person: Person, target: Locator, words: str) -> None:
    """Reach a field and type."""
    reach(person, target)
    person.type(words)


@either
def test_a_member_finds_and_answers_by_keyboard(person, ground):
    member = person("member", "kyc").open("/")
    member.type("customer insists")
    member.page.keyboard.press("Enter")
    enter(member, member.page.get_by_role("link", name="What do you say when the customer insists?").first)
    write(member, member.field("Your answer"), "That the rule binds me too.")
    enter(member, member.button("Answer"))

    member.reads("That the rule binds me too.")


@either
def test_a_change_is_written_and_approved_by_keyboard(person, ground):
    code = ground.procedure("kyc")
    approver, author = choose_password(person("approver", "kyc")), person("author", "kyc").open(f"/procedures/{code}")
    enter(author, author.link("Write a change"))
    reach(author, author.field("Text in Markdown"))
    author.page.keyboard.press("Control+End")
    author.type("\nThe desk counts the keys.\n")
    write(author, author.field("Why this change?"), "Keys get lost.")
    enter(author, author.button("Send for review"))
    author.sees("In review")

    approver.open(author.page.url)
    write(approver, approver.field("Your password, once more"), PASSWORD)
    approver.page.keyboard.press("Enter")
    approver.sees("Published.").reads("The desk counts the keys.")


@either
def test_a_reader_says_by_keyboard_that_they_have_read_it(person, ground):
    space = ground.space()
    code = ground.procedure(space)
    owner = person("author", space).open(f"/procedures/{code}/audience")
    reach(owner, owner.page.get_by_label(owner.say("Members of the space"), exact=True))
    owner.page.keyboard.press("Space")
    enter(owner, owner.button("Save"))
    owner.sees("Who has not")

    reader = person("member", space).open(f"/procedures/{code}")
    enter(reader, reader.link("Read it and say so"))
    enter(reader, reader.button("I have read and understood version %(number)s", number=1))
    expect(reader.page.locator(".receipt")).to_be_visible()


@either
def test_a_reader_proposes_and_an_owner_reviews_by_keyboard(person, ground):
    space = ground.space()
    code = ground.procedure(space)
    reader = person("member", space).open(f"/procedures/{code}/propose?quote=The+counter+opens+at+nine.")
    passage = reader.page.get_by_label(reader.say("The passage, in your words"), exact=True)
    reach(reader, passage)
    reader.page.keyboard.press("Control+A")
    reader.type("The counter opens at ten.")
    write(reader, reader.field("Why?"), "Nobody comes before ten.")
    enter(reader, reader.button("Propose"))
    reader.sees("Proposed. The authors of this space find it on their front page.")

    owner = person("author", space).open(f"/procedures/{code}/review")
    write(owner, owner.field("A note, if you like"), "Somebody proposed another hour.")
    enter(owner, owner.button("Needs a change"))
    expect(owner.field("Why this change?")).to_have_value("Somebody proposed another hour.")


@either
def test_the_first_tab_leads_past_the_head_of_the_page(person):
    member = person("member", "kyc").open("/procedures/KYC-001")
    member.page.keyboard.press("Tab")
    expect(member.link("Go to the content")).to_be_focused()
    member.page.keyboard.press("Enter")
    assert member.page.url.endswith("#main")
