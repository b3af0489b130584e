"""An animator on a Monday morning, an owner with a gap, a reader who reports: each act from the page where it is needed."""

import base64
import re

from playwright.sync_api import expect

from tests.journeys.ground import RULE
from tests.journeys.places import either, either_or_plain, everywhere_or_plain

ASK = "Ask, or tell the others how you do it. A sentence is enough."
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")


def entry(who, words, head=""):
    """Return the first entry that holds these words, of the list under a head if one is named."""
    lists = who.page.locator(f"section:has({head})") if head else who.page
    return lists.locator("li").filter(has_text=words).first


@everywhere_or_plain
def test_a_monday_morning_at_the_desk(person, ground):
    slug = ground.space(approvals=0)
    code = ground.procedure(slug, "Lost badges")
    late, free, twin = ground.thread(code, "Who gives out a new badge?"), ground.in_space(slug, "Is a lost badge reported?"), ground.thread(code, "Where do new badges come from?")
    ground.wait(late, 5)
    ground.wait(twin, 5)
    animator = person("animator", slug)
    desk = f"/spaces/{slug}/desk"

    animator.open(desk).sees("Newcomers whose first message got no reply").sees("To sort").is_well()
    item = entry(animator, "Is a lost badge reported?", "#d-inbox")
    animator.unfold("Sort it", item)
    animator.fill(item.get_by_label(animator.say("Code of a procedure of this space; empty for none")), "NONE-001").press("Attach", item).sees("There is no procedure of this code in the space.").is_well()
    expect(animator.field("Code of a procedure of this space; empty for none")).to_have_value("NONE-001")
    animator.fill("Code of a procedure of this space; empty for none", code).press("Attach")
    expect(animator.page).to_have_url(f"{animator.page.url.split('/spaces')[0]}{desk}")
    animator.reads_nothing_of(animator.say("To sort"))

    item = entry(animator, "Where do new badges come from?")
    animator.unfold("Sort it", item)
    animator.fill(item.get_by_label(animator.say("The same was asked before: address of that thread")), f"/threads/{late}")
    animator.press("Merge into it", item)
    animator.open(f"/threads/{twin}").reads("Who gives out a new badge?", "Where do new badges come from?")
    assert late in animator.page.url
    animator.unfold(animator.page.locator(".told summary")).is_well()

    animator.open(f"/threads/{free}").follow("Sort this thread").is_well()
    animator.press("Lock").sees("locked")
    reader = person("member", slug).open(f"/threads/{free}").sees("locked").is_well()
    expect(reader.page.get_by_label(reader.say("Your answer"))).to_have_count(0)


@either_or_plain
def test_a_message_is_reported_and_hidden_and_its_words_are_for_the_auditor(person, ground):
    slug = ground.space(approvals=0)
    code = ground.procedure(slug, "Secrets")
    thread = ground.thread(code, "Where is the key?")
    answer = ground.answer(thread, "Behind quokkazebra.")
    reader, animator, auditor = person("member", slug), person("animator", slug), person("auditor", slug)

    reader.open(f"/posts/{answer}").follow("Report", reader.page.locator(f"#p{answer}")).is_well().fill("What is wrong with it?", "It gives a secret away.").press("Report").sees("The animators of this space are told.")

    animator.open(f"/spaces/{slug}/desk").reads("It gives a secret away.").is_well()
    animator.fill("Hide this message. Why?", "A secret.").press("Hide")
    animator.reads_nothing_of("It gives a secret away.")

    reader.open(f"/threads/{thread}").reads("A secret.").reads_nothing_of("quokkazebra").is_well()
    auditor.open(f"/spaces/{slug}/hidden").reads("A secret.").is_well()
    auditor.open(f"/threads/{thread}").unfold("What was hidden").reads("quokkazebra").is_well()
    animator.open(f"/threads/{thread}").press("Show it again")
    reader.open(f"/threads/{thread}").reads("quokkazebra")


@either_or_plain
def test_the_desk_asks_somebody_who_helped_before_and_asks_what_nobody_found(person, ground):
    slug = ground.space(approvals=0)
    code = ground.procedure(slug, "Lost badges")
    known = ground.thread(code, "Where do badges come from?")
    helper = person(ground.accept(known, ground.answer(known, "From the desk.")))
    late, words = ground.thread(code, "Who gives out a new badge?"), "quokkaparasol"
    ground.wait(late, 5)
    person("member", slug).open(f"/search?q={words}&space={slug}").sees("Nothing answers yet.")

    animator = person("animator", slug).open(f"/spaces/{slug}/desk").is_well()
    animator.press("Ask %(name)s", entry(animator, "Who gives out a new badge?"), name=helper.row.name)
    helper.open("/").sees("You may know").follow(helper.named("Who gives out a new badge?"))
    helper.fill("Your answer", "The desk, too.").press("Answer").reads("The desk, too.")

    animator.open(f"/spaces/{slug}/desk").press("Ask it here", entry(animator, words, "#d-missed"))
    expect(animator.page.locator("h1")).to_have_text(words)
    animator.open(f"/spaces/{slug}/desk").press("Put it away", entry(animator, words, "#d-missed")).reads_nothing_of("d-missed")


@either_or_plain
def test_a_thread_is_pinned_and_hidden_with_a_reason_and_shown_again(person, ground):
    slug = ground.space(approvals=0)
    thread = ground.thread(ground.procedure(slug, "Keys"), "Where is the quokkazebra?")
    animator, reader = person("animator", slug), person("member", slug)

    animator.open(f"/threads/{thread}").follow("Sort this thread").fill("Pinned through", str(ground.world.day(20))).press("Pin").sees("pinned")
    reader.open(f"/spaces/{slug}").sees("Pinned").reads("Where is the quokkazebra?")
    animator.follow("Sort this thread").press("Take the pin off").follow("Sort this thread")
    animator.fill("Hide it from everybody. Why?", "It gives a place away.").press("Hide").reads("It gives a place away.").is_well()
    reader.open(f"/spaces/{slug}").reads_nothing_of("quokkazebra", reader.say("Pinned"))
    reader.open(f"/threads/{thread}").sees("Not found")
    animator.follow("Sort this thread").press("Show it again")
    reader.open(f"/threads/{thread}").reads("Where is the quokkazebra?")


@either_or_plain
def test_a_gap_gets_its_cause_and_its_day_from_the_owners_side(person, ground):
    slug = ground.space(approvals=0)
    code = ground.procedure(slug, "Keys")
    author, reader = person("author", slug), person("member", slug)
    reader.open(f"/procedures/{code}").fill(ASK, "We keep the key at home.").press("We do it differently")
    thread = reader.page.url.partition("#t")[2]

    author.open(f"/spaces/{slug}/gaps").reads("We keep the key at home.").sees("no closing date yet").is_well()
    author.open(f"/threads/{thread}").sees("not said yet").follow("Say what becomes of it").is_well()
    author.fill("Cause", "The safe is broken.").fill("To be closed by", "2001-01-01").press("Record it")
    author.sees("This day has passed.").is_well()
    expect(author.field("Cause")).to_have_value("The safe is broken.")
    author.fill("To be closed by", "2999-12-31").press("Record it").sees("Recorded, with your name and today’s date.")

    reader.open(f"/threads/{thread}").reads("The safe is broken.", author.row.name).is_well()
    expect(reader.page.get_by_role("link", name=reader.say("Say what becomes of it"))).to_have_count(0)
    reader.open(f"/spaces/{slug}/gaps").reads("The safe is broken.", "2999").is_well()
    reader.follow("Closed gaps").sees("No gap was closed here yet.").is_well()
    person("animator", slug).open(f"/threads/{thread}").press("Close this thread").sees("Open it again")
    reader.open(f"/spaces/{slug}/gaps").sees("There is no open gap here.").follow("Closed gaps")
    reader.reads("We keep the key at home.", "The safe is broken.", "Animator Durand").is_well()


@either_or_plain
def test_an_announcement_stands_pinned_before_its_readers_and_is_talked_about(person, ground):
    slug = ground.space(approvals=0)
    animator, reader = person("animator", slug), person("member", slug)

    animator.open(f"/spaces/{slug}").follow("Announce").is_well()
    animator.fill("Title", "Badges change").fill("What should everybody here know?", "They are blue now.").fill("Pinned through", "2001-01-01")
    animator.press("Announce", animator.page.get_by_role("main")).sees("This day has passed.").is_well()
    expect(animator.field("What should everybody here know?")).to_have_value("They are blue now.")
    soon = str(ground.world.day(20))
    animator.fill("Pinned through", soon).press("Announce", animator.page.get_by_role("main")).sees("pinned")

    reader.open("/").sees("Announcements").reads("Badges change")
    reader.open(f"/spaces/{slug}").sees("Pinned").reads("Badges change").is_well()
    reader.follow(reader.named("Badges change")).fill("Your answer", "Which blue?").press("Answer").reads("Which blue?").is_well()


@either_or_plain
def test_an_answer_quotes_and_brings_a_picture_and_is_useful_by_name(person, ground, tmp_path):
    picture = tmp_path / "bill.png"
    picture.write_bytes(PNG)
    code = ground.procedure("kyc", "Stamps")
    thread = ground.thread(code, "Which stamp?")
    answer = ground.answer(thread, "A round stamp.")
    colleague = person("member", "kyc").open(f"/threads/{thread}")

    colleague.follow("Quote", colleague.page.locator(f"#p{answer}"))
    expect(colleague.page.locator("#say")).to_have_value("> A round stamp.\n\n")
    colleague.fill(colleague.page.locator("#say"), "> A round stamp.\n\nSuch as this one.")
    colleague.unfold("Add a picture").attach(colleague.page.locator("#say-file"), str(picture))
    colleague.press("Answer", colleague.page.locator("form#answer")).reads("Such as this one.").is_well()
    expect(colleague.page.locator(".pictures img")).to_have_attribute("alt", "bill.png")

    colleague.press("Useful", colleague.page.locator(f"#p{answer}")).sees("Useful to %(names)s", names=colleague.row.name)


@either
def test_words_typed_on_the_front_page_lead_to_a_question_on_the_procedure_they_are_about(person, ground):
    slug = ground.space(approvals=0)
    beast = "wombat" + "".join("bcdfghjklm"[int(n)] for n in slug.removeprefix("desk-"))        # of this journey alone
    code = ground.procedure(slug, f"{beast.title()} midnight", RULE.replace("the key in the safe", "the wombat fed"))
    member = person("member", slug).open("/")
    member.type(f"{beast} midnight or not?")
    member.follow(member.page.locator(".suggestions a").last)

    member.sees("It seems to be about").is_well()
    expect(member.page.locator(f"input[value='{code}']")).to_be_checked()
    member.press("Ask", member.page.locator("form.nothing"))
    expect(member.page).to_have_url(re.compile(f"/procedures/{code}#t"))
    member.reads(f"{beast} midnight or not?")


@either
def test_an_approver_reads_what_hangs_on_the_words_that_would_change(person, ground):
    slug = ground.space()
    code = ground.procedure(slug, "Keys again")
    thread = ground.thread(code, "Mine hangs on my neck.", kind="tip", quote="keeps the key in the safe")
    from wiki.drafts import DraftText

    change = ground.review(slug, DraftText(code=code, markdown=RULE.format(title="Keys again").replace("in the safe", "in the drawer")))
    approver = person("approver", slug).open(f"/changes/{change.id}")

    approver.sees("What people say of the words it touches").reads("Mine hangs on my neck.", "keeps the key in the safe").is_well()
    assert thread in approver.page.content()
