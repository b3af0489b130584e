"""What authors and approvers do with the rule, from the first word to the version in force. P11-17."""

from datetime import timedelta

from playwright.sync_api import expect

from core import clock
from tests.journeys.places import either, either_or_plain, everywhere_or_plain, plainly
from tests.journeys.steps import approve, choose_password, rewrite, send


@everywhere_or_plain
def test_an_author_writes_a_change_and_an_approver_puts_it_in_force(person, ground):
    code = ground.procedure("kyc")
    approver, author = person(ground.newcomer("approver", "kyc", password=False)), person("author", "kyc")

    change = send(rewrite(author, code, "opens at nine", "opens at ten").is_well(), "Nobody comes before ten.")
    author.is_well()

    approver.open(change)
    expect(approver.page.locator("del").first).to_have_text("nine")
    expect(approver.page.locator("ins").first).to_have_text("ten")
    approver.sees("To approve you sign with a password, and you have none yet.").follow("Choose one")
    choose_password(approver)

    approver.open(change).fill("A word for the others (optional)", "Ask again in May.")
    approver.fill("Your password, once more", "not this one, no").press("Approve").sees("This is not your password.").is_well()
    assert approver.field("A word for the others (optional)").input_value() == "Ask again in May."

    approver.fill("Your password, once more", "a quiet brown horse").press("Approve").sees("Published.")
    approver.reads("opens at ten", approver.say("approved by %(names)s", names=approver.row.name), "Nobody comes before ten.")


@either
def test_an_author_reads_the_text_as_it_will_be_read_while_writing_it(person, ground):
    author = rewrite(person("author", "kyc"), ground.procedure("kyc"), "opens at nine", "opens at ten")
    expect(author.page.locator(".preview")).to_contain_text("opens at ten")
    expect(author.button("Check the text")).to_be_hidden()


@plainly
def test_an_author_has_the_text_shown_and_checked_with_a_button_without_script(person, ground):
    author = rewrite(person("author", "kyc"), ground.procedure("kyc"), "The desk keeps", "See KYC-999. The desk keeps")
    author.press("Check the text").is_well()
    expect(author.page.locator(".preview")).to_contain_text("See KYC-999.")
    expect(author.page.locator(".remarks")).to_contain_text("KYC-999")
    assert "See KYC-999." in author.field("Text in Markdown").input_value()


@either_or_plain
def test_an_approver_declines_with_a_reason(person, ground):
    code = ground.procedure("kyc")
    approver, author = person("approver", "kyc"), person("author", "kyc")
    change = send(rewrite(author, code, "nine", "eleven"), "Later is better.")

    approver.open(change).unfold("Decline, with a reason").fill("Why not?", "The markets open at nine.").press("Decline")

    author.open(change).sees("Declined").reads("The markets open at nine.")
    author.open(f"/procedures/{code}").reads("opens at nine")


@either_or_plain
def test_two_authors_of_the_same_words_see_both_texts_and_lose_nothing(person, ground):
    space = ground.space(approvals=0)
    code = ground.procedure(space)
    first, second = person("author", space), person("author", space)
    rewrite(first, code, "opens at nine", "opens at eight")
    rewrite(second, code, "opens at nine", "opens at ten")
    first.press("Publish").sees("Published.")

    second.press("Publish").sees("Both texts").reads("opens at eight").is_well()
    assert "opens at ten" in second.field("Text in Markdown").input_value()

    second.press("Publish").sees("Published.").reads("opens at ten")


@either_or_plain
def test_an_author_plans_a_version_and_readers_see_it_coming(person, ground):
    code, day = ground.procedure("kyc"), clock.today(ground.world.library.zone) + timedelta(days=20)
    approver, author = person("approver", "kyc"), person("author", "kyc")
    rewrite(author, code, "nine", "ten").fill("In force from", str(day))
    approve(approver, send(author, "From next month.")).sees("Published.")

    reader = person("member", "kyc").open(f"/procedures/{code}").reads("opens at nine")
    band = reader.page.get_by_role("complementary", name=reader.say("Next version"))
    expect(band).to_contain_text("From next month.")
    reader.follow("See what changes", band).is_well()
    expect(reader.page.locator("ins").first).to_have_text("ten")


@either_or_plain
def test_an_author_retires_a_procedure_and_restores_it(person, ground):
    space = ground.space(approvals=0)
    code = ground.procedure(space)
    author = person("author", space).open(f"/procedures/{code}")

    author.follow("Retire").press("Publish").sees("Nothing is in force under this code. Below is the last text, for memory.").is_well()
    author.follow("Restore").press("Publish").sees("Published.")

    author.reads(author.say("Version %(number)s, in force", number=3), "opens at nine")


@either_or_plain
def test_a_plain_wiki_asks_for_words_and_nothing_else(person, ground):
    space = ground.space(approvals=0)
    author = person("author", space).open(f"/spaces/{space}").follow("New procedure")
    asked = author.page.get_by_role("main").locator("input:visible, textarea:visible, select:visible")
    assert [field.get_attribute("name") for field in asked.all()] == ["markdown", "file-0", "add_code"]

    author.fill("Text in Markdown", "# The coffee machine\n\nWhoever empties it fills it.\n").press("Publish").sees("Published.")

    author.reads("The coffee machine", "Whoever empties it fills it.", author.say("published without approval, as this space asks"))


@either_or_plain
def test_a_writer_sees_what_is_wrong_beside_what_was_typed(person, ground):
    code = ground.procedure("kyc")
    author = rewrite(person("author", "kyc"), code, "title: Keys", "status: approved\ntitle: Keys").fill("Why this change?", "To see.")
    author.press("Send for review").is_well()

    assert author.page.get_by_role("alert").is_visible()
    assert "status: approved" in author.field("Text in Markdown").input_value()
    assert author.field("Why this change?").input_value() == "To see."


@either
def test_a_text_far_too_big_is_refused_in_words_and_is_there_when_one_goes_back(person, ground):
    space = ground.space(approvals=0)
    author = rewrite(person("author", space), ground.procedure(space), "nine", "ten")
    author.field("Text in Markdown").evaluate("field => { field.value = 'Words of the rule. '.repeat(220000) }")
    author.press("Publish").sees("This is too big: at most %(most)s MiB at a time.", most=2)

    author.page.go_back()
    assert author.field("Text in Markdown").evaluate("field => field.value.length") > 4_000_000


@either_or_plain
def test_what_asks_for_approvals_is_taken_out_of_a_change_and_the_rest_is_published(person, ground):
    """In a space of no approvals one procedure asks for one: a change of it and another waits, until it is taken out."""
    space = ground.space(approvals=0)
    one, other = ground.procedure(space), ground.procedure(space, "Keys of the safe")
    person("approver", space).open(f"/procedures/{one}/approvals").pick("Approval %(n)s", "any", n=1).press("Save")
    author = rewrite(person("author", space), other, "nine", "ten").fill("One more procedure in this change", one)
    author.press("Add it, or a new one if the code is left empty").sees("Send it for review").is_well()
    second = author.page.locator("textarea[name=markdown]").nth(1)
    author.fill(second, second.input_value().replace("nine", "eleven"))
    change = send(author, "Summer hours.")

    author.follow("Edit it, and become one of its writers")
    author.press(author.page.locator("button[value=leave-out-2]")).sees("Once you save, %(code)s is no part of this change.", code=one).is_well()
    author.press(author.page.locator("button[value=take-in-1]"))
    assert "opens at eleven" in author.page.locator("textarea[name=markdown]").nth(1).input_value()
    author.press(author.page.locator("button[value=leave-out-2]")).press("Publish").sees("Published.")

    author.open(f"/procedures/{other}").reads("opens at ten")
    author.open(f"/procedures/{one}").reads("opens at nine")
    author.open(change).is_well()
