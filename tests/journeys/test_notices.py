"""Nobody has to come back to look: being told, following, choosing how mail comes, naming people, and seeing what is new."""

import re

from playwright.sync_api import expect

from notices.unsubscribing import token_for
from receipts.audiences import Chosen, choose
from tests.journeys.places import either, either_or_plain, everywhere, everywhere_or_plain, plainly
from tests.site import site_of

WAKE = "document.dispatchEvent(new Event('visibilitychange'))"


def told(ground):
    """Go on once everybody was told of everything."""
    site_of(ground.app).loop.catch_up()


def asked(ground, person, space="kyc"):
    """Let somebody new ask, and return them with the address of their thread."""
    code = ground.procedure(space)
    asker = person("member", space)
    asker.open(f"/procedures/{code}").fill(asker.page.locator("#say"), "Which safe?").press("Ask")
    asker.follow(asker.page.get_by_role("heading", name="Which safe?").get_by_role("link"))
    return asker, asker.page.url.partition("#")[0]


def unread(person) -> int:
    """Open the front page and return what the bell counts."""
    return int(re.search(r"\d+", person.open("/").page.locator(".bell b").inner_text())[0])


@everywhere
def test_whoever_asked_is_told_of_the_answer_and_finds_it(person, ground):
    space = ground.space()      # of its own: nothing there asks to be read
    asker, thread = asked(ground, person, space)
    colleague = person("member", space)
    told(ground)
    before = unread(asker)      # they were let in; what others asked everybody to read is theirs too
    colleague.open(thread).fill("Your answer", "The one in the cellar.").press("Answer")
    expect(colleague.page).to_have_url(re.compile("#p"))
    told(ground)
    assert unread(asker) == before + 1

    asker.follow(asker.page.locator(".bell")).sees("%(who)s answered you: %(what)s", who=colleague.row.name, what="Which safe?").is_well()
    asker.follow("%(who)s answered you: %(what)s", who=colleague.row.name, what="Which safe?").reads("The one in the cellar.")

    # Seeing the thread is reading what was told of it.
    expect(asker.page.locator("[data-quiet]")).to_have_count(0)
    assert unread(asker) == before
    asker.open("/notices").press("Mark all as read").sees("Earlier").is_well()
    expect(asker.page.locator(".bell b")).to_have_count(0)


@plainly
def test_what_was_told_of_a_thread_is_read_with_a_button_without_script(person, ground):
    asker, thread = asked(ground, person)
    ground.answer(thread.rpartition("/")[2], "The one in the cellar.")
    told(ground)

    asker.open(thread).press("Mark the notices of this thread as read")
    expect(asker.button("Mark the notices of this thread as read")).to_have_count(0)
    asker.open("/notices").sees("Earlier").reads("Which safe?")


@either_or_plain
def test_a_thread_is_followed_and_left_with_a_button_on_its_page_and_in_the_list(person, ground):
    _, thread = asked(ground, person)
    reader = person("member", "kyc")
    reader.open(thread).press("Follow this thread").sees("You are told of what is said here.").is_well()

    reader.open("/account").follow("What you follow").reads("Which safe?").is_well()
    reader.press(reader.page.get_by_role("button", name=reader.say("Stop following"))).sees("Nothing yet. Threads, procedures and spaces have a button for it.")
    reader.open(thread).sees("Follow this thread")


@either_or_plain
def test_a_procedure_and_a_space_are_followed(person, ground):
    code = ground.procedure("kyc")
    reader = person("member", "kyc").open(f"/procedures/{code}").press("Follow this procedure")
    reader.sees("You are told of new versions and of what is said here.").is_well()
    reader.press("Stop following").sees("Follow this procedure")

    reader.open("/spaces/kyc").press("Follow this space").sees("You are told of everything new in this space.").is_well()


@everywhere_or_plain
def test_how_mail_comes_is_chosen_and_ended_from_a_letter(person, ground):
    reader = person("member", "kyc").open("/notices").follow("Notices by mail").is_well()
    reader.tick(reader.page.get_by_label(reader.say("On Monday morning, in one letter")).first).press("Save").sees("Saved.")
    expect(reader.page.get_by_label(reader.say("On Monday morning, in one letter")).first).to_be_checked()

    scanner = person()
    letter = f"/unsubscribe/{token_for(ground.app.secret_key, reader.row.id)}"
    scanner.open(letter).sees("No more notices by mail?").is_well()
    reader.open("/notices/mail")
    expect(reader.page.get_by_label(reader.say("On Monday morning, in one letter")).first).to_be_checked()

    scanner.press("Send me no more mail").sees("No more notices go to you by mail").is_well()
    reader.open("/notices/mail")
    expect(reader.page.get_by_label(reader.say("Not by mail")).first).to_be_checked()


@either
def test_a_name_is_completed_by_the_keyboard_and_leads_to_the_person(person, ground):
    _, thread = asked(ground, person)
    writer = person("member", "kyc").open(thread)
    box = writer.page.locator("#say")
    writer.go_to(box).type("Ask @sof")
    expect(writer.page.get_by_role("option").first).to_have_text("Sofia Lindqvist")
    writer.is_well()
    for key in ("ArrowDown", "ArrowUp", "Enter"):
        writer.page.keyboard.press(key)
    expect(box).to_have_value("Ask @Sofia Lindqvist ")
    expect(writer.page.get_by_role("listbox")).to_have_count(0)
    writer.type("now, and @xyzzy").page.keyboard.press("Escape")

    writer.press("Answer").follow(writer.page.get_by_role("link", name="@Sofia Lindqvist")).reads("Sofia Lindqvist")


@either_or_plain
def test_a_full_name_is_enough(person, ground):
    _, thread = asked(ground, person)
    writer = person("member", "kyc").open(thread)

    writer.fill("Your answer", "Ask @Sofia Lindqvist.").press("Answer")
    expect(writer.page.get_by_role("link", name="@Sofia Lindqvist")).to_be_visible()


@either
def test_an_open_thread_says_that_there_are_new_answers_and_shows_them_where_asked(person, ground):
    asker, thread = asked(ground, person)
    asker.open(thread).fill("Your answer", "Half a sentence")
    ground.answer(thread.rpartition("/")[2], "A new answer from elsewhere.")

    asker.page.evaluate(WAKE)
    expect(asker.page.locator(".live")).to_contain_text(asker.say("%(num)s new answer", num=1))
    asker.is_well()
    expect(asker.page.get_by_text("A new answer from elsewhere.")).to_have_count(0)

    asker.press("Show").reads("A new answer from elsewhere.")
    expect(asker.page.locator("#say")).to_have_value("Half a sentence")
    expect(asker.page.locator(".live")).to_be_hidden()
    expect(asker.page.locator("article:focus")).to_contain_text("A new answer from elsewhere.")
    asker.page.evaluate(WAKE)
    expect(asker.page.locator(".live")).to_be_hidden()
    asker.fill("Your answer", "")


@either
def test_an_open_procedure_says_that_something_new_is_said_beside_it(person, ground):
    code = ground.procedure("kyc")
    reader = person("member", "kyc").open(f"/procedures/{code}")
    reader.fill(reader.page.locator("#say"), "Half a question")
    ground.thread(code, "What of the second key?")

    reader.page.evaluate(WAKE)
    expect(reader.page.locator(".live")).to_contain_text(reader.say("%(num)s new message", num=1))
    reader.press("Show").reads("What of the second key?").is_well()
    expect(reader.page.locator("#say")).to_have_value("Half a question")
    reader.fill(reader.page.locator("#say"), "")


@either_or_plain
def test_an_administrator_sees_that_every_address_is_fine(person, ground):
    person("administrator").open("/administration/people").follow("Outgoing mail").sees("No address was refused.").is_well()


@either_or_plain
def test_a_guest_who_is_let_in_is_told_in_one_line_what_asks_to_be_read_and_reads_it(person, ground):
    slug = ground.space(approvals=0, visibility="restricted")
    author = ground.newcomer("author", slug)
    codes = [ground.procedure(slug, title) for title in ("Keys of the safe", "Keys of the counter")]
    for code in codes:
        ground.world.act(author.id, choose, code, Chosen(roles=("member",)))
    told(ground)
    reader = person("guest", slug)
    told(ground)

    reader.open("/notices").is_well()
    reader.follow(reader.page.locator(f"a[href='/spaces/{slug}/to-read']"))
    reader.sees("What asks you to read it").reads(*codes).is_well().follow(reader.page.get_by_role("link", name=codes[0]))
    reader.press("I have read and understood version %(number)s", number=1)
    reader.open(f"/spaces/{slug}/to-read").reads(codes[1]).reads_nothing_of(f"{codes[0]}/receipt")
