"""What people say beside the rule: asking, answering, settling, correcting."""

from playwright.sync_api import expect

from tests.discussions.test_pictures import PNG
from tests.journeys.ground import RULE
from tests.journeys.places import either_or_plain, everywhere, everywhere_or_plain, pointing

ASK = "Ask, or tell the others how you do it. A sentence is enough."

SELECT = """(words) => {
  const walker = document.createTreeWalker(document.querySelector('.rule .text'), NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return;
  }
}"""


@everywhere_or_plain
def test_a_question_is_asked_answered_accepted_and_closed(person, ground):
    code = ground.procedure("kyc")
    asker, colleague = person("member", "kyc"), person("member", "kyc")

    asker.open(f"/procedures/{code}").fill(ASK, "Which safe? The one upstairs is full.").press("Ask")
    asker.is_well().follow(asker.page.get_by_role("heading", name="Which safe?").get_by_role("link"))
    thread = asker.page.url.partition("#")[0]

    colleague.open(thread).fill("Your answer", "The one in the cellar.").press("Answer").reads("The one in the cellar.")
    asker.open(thread).follow("Answer").fill("Answer %(name)s", "Who has its code?", name=colleague.row.name).press("Answer")
    asker.is_well()
    expect(asker.page.locator("[data-depth='1']")).to_contain_text("Who has its code?")

    colleague.open(asker.page.locator("[data-depth='1'] .when-said").get_attribute("href")).reads("Who has its code?")
    asker.press("Accept this answer").sees("Answer accepted by %(name)s", name=asker.row.name)
    asker.press("Useful", asker.page.get_by_role("article").filter(has_text="The one in the cellar.").last).sees("Useful to you")

    asker.press("Close this thread").reads(asker.say("Open it again")).is_well()
    colleague.open(thread)
    expect(colleague.page.get_by_label(colleague.say("Your answer"))).to_have_count(0)


@everywhere_or_plain
def test_a_first_question_brings_a_picture_and_a_refused_one_keeps_the_words(person, ground, tmp_path):
    bill, words = tmp_path / "bill.png", tmp_path / "bill.txt"
    bill.write_bytes(PNG)
    words.write_text("Words, and no picture.")
    asker = person("member", "kyc").open(f"/procedures/{ground.procedure('kyc')}")

    bring(asker.fill(ASK, "Is this stamp good enough? It is round."), words).press("Ask").sees("Only pictures come with a message: PNG, JPEG, GIF or WebP.").is_well()
    expect(asker.field(ASK)).to_have_value("Is this stamp good enough? It is round.")

    bring(asker, bill).is_well().press("Ask").reads("It is round.").is_well()
    expect(asker.page.locator(".practice .pictures img")).to_have_attribute("alt", "bill.png")


@either_or_plain
def test_words_that_found_nothing_are_asked_with_a_picture(person, ground, tmp_path):
    bill = tmp_path / "bill.png"
    bill.write_bytes(PNG)
    ground.procedure("kyc")
    asker = person("member", "kyc").open("/search?q=zyxwvutsr+stamp")

    bring(asker, bill).is_well().press("Ask").reads("zyxwvutsr stamp")
    expect(asker.page.locator(".pictures img")).to_have_attribute("alt", "bill.png")


def bring(who, file):
    """Put a picture with the message that somebody writes."""
    drawer = who.page.locator(".with-picture").first
    if drawer.get_attribute("open") is None:
        who.unfold(drawer.locator("summary"))
    return who.attach(drawer.locator("input"), str(file))


@either_or_plain
def test_a_message_is_corrected_then_erased_with_a_reason(person, ground):
    code = ground.procedure("kyc")
    author = person("member", "kyc").open(f"/procedures/{code}").fill(ASK, "Mr Petit of Lyon has two keys.").press("Leave a tip")
    author.follow(author.page.locator("article.voice h3 a").first)
    thread = author.page.url.partition("#")[0]

    author.follow("Edit").fill("Your message", "A customer of Lyon has two keys.").press("Save")
    author.reads("A customer of Lyon").follow("edited").reads("Mr Petit of Lyon").is_well()

    author.open(thread).follow("Erase").fill("Why?", "It named a customer.").press("Erase")
    author.reads("It named a customer.", author.row.name).reads_nothing_of("Petit", "two keys").is_well()


@pointing
def test_selected_words_of_the_rule_are_asked_about(person, ground):
    code = ground.procedure("kyc")
    reader = person("member", "kyc").open(f"/procedures/{code}")

    reader.page.evaluate(SELECT, "the key in the safe")
    reader.press("Ask about these words")
    expect(reader.page.locator("[data-quoted] q")).to_have_text("the key in the safe")
    reader.is_well()
    reader.fill(reader.page.locator("#say"), "And at night?").press("Ask")

    expect(reader.page.locator(".rule .noted")).to_have_text("the key in the safe")
    expect(reader.page.locator(".lemma a")).to_have_text("the key in the safe")
    reader.reads("And at night?").is_well()


@either_or_plain
def test_words_of_the_rule_are_chosen_from_a_list_and_asked_about_again(person, ground):
    code = ground.procedure("kyc")
    reader = person("member", "kyc").open(f"/procedures/{code}").follow("Choose the words it is about").is_well()
    reader.follow(reader.page.get_by_role("link", name="The desk keeps the key in the safe."))
    expect(reader.page.locator("[data-quoted] q")).to_have_text("The desk keeps the key in the safe.")
    reader.is_well().fill(reader.page.locator("#say"), "And at night?").press("Ask")

    expect(reader.page.locator(".rule .noted")).to_have_text("The desk keeps the key in the safe.")
    reader.follow(reader.page.locator(".rule .count", has_text="1")).follow("Ask about these words")
    expect(reader.page.locator("[data-quoted] q")).to_have_text("The desk keeps the key in the safe.")
    reader.fill(reader.page.locator("#say"), "And on Sunday?").press("Leave a tip").reads("And at night?", "And on Sunday?")


@everywhere
def test_a_name_is_taken_once_and_the_sentence_goes_on(person, ground):
    reader, named = person("member", "kyc"), person("author", "kyc").row.name
    reader.open(f"/procedures/{ground.procedure('kyc')}")
    box, offered = reader.page.locator("#say"), reader.page.locator(".names li")

    reader.go_to(box).type(f"Ask @{named[:4]}")
    expect(offered.first).to_be_visible()
    reader.type(named[4:])
    expect(offered.first).to_have_text(named)
    reader.page.keyboard.press("Enter")
    expect(box).to_have_value(f"Ask @{named} ")
    with reader.page.expect_request_finished(lambda request: "mentionable" in request.url):
        reader.type(f"first.\nThen @{named[:4]}")
    expect(offered.first).to_be_visible()
    expect(box).to_have_value(f"Ask @{named} first.\nThen @{named[:4]}")


@either_or_plain
def test_a_tip_asks_for_a_second_look_once_its_words_changed(person, ground):
    code = ground.procedure("kyc")
    ground.thread(code, "I keep it on me.", kind="tip", quote="The desk keeps the key in the safe")
    ground.version("kyc", code, RULE.format(title="Keys of the counter").replace("in the safe", "in the locked drawer"))
    reader = person("member", "kyc").open(f"/procedures/{code}")

    reader.sees("Written for version %(number)s: check", number=1).is_well()
    reader.press("Still true").sees("Thank you. It is settled once one more person, its author or an animator says the same.").is_well()

    other = person("member", "kyc").open(f"/procedures/{code}")
    other.press("Still true").sees("Checked after the rule changed: still true.")


@either_or_plain
def test_people_disagree_on_whether_a_tip_is_still_true_and_an_animator_settles_it(person, ground):
    space = ground.space(approvals=0)
    code = ground.procedure(space)
    ground.thread(code, "I keep it on me.", kind="tip", quote="The desk keeps the key in the safe")
    ground.version(space, code, RULE.format(title="Keys of the counter").replace("in the safe", "in the locked drawer"))
    one, other, animator = (person(role, space) for role in ("member", "member", "animator"))

    one.open(f"/spaces/{space}").follow("Waiting for a check").reads("I keep it on me.").is_well()
    one.follow(one.named("I keep it on me.")).press("Still true").sees("%(who)s says that it is still true.", who=one.row.name)
    other.open(f"/spaces/{space}/checks").follow(other.named("I keep it on me.")).press("No longer true").sees("%(who)s says that it is no longer true.", who=other.row.name)
    animator.open(f"/spaces/{space}/desk").sees("Two people disagree").is_well()
    animator.follow(animator.named("I keep it on me.")).press("Needs an edit").sees("Checked after the rule changed: it needs an edit.")
    one.open(f"/spaces/{space}/checks").sees("Nothing waits for a check here.")


@either_or_plain
def test_whoever_wrote_a_tip_finds_that_its_words_are_gone_and_settles_it_alone(person, ground):
    space = ground.space(approvals=0)
    code = ground.procedure(space)
    writer = person("member", space).open(f"/procedures/{code}/passages")
    writer.follow(writer.named("The desk keeps the key in the safe.")).fill(writer.page.locator("#say"), "I keep it on me.").press("Leave a tip")
    ground.version(space, code, "# Keys of the counter\n\n## Principle\n\nThe counter opens at nine.\n")

    writer.open("/").sees("You wrote these for older words").open("/checks").is_well().follow(writer.named("I keep it on me."))
    writer.reads("The desk keeps the key in the safe.").is_well().press("No longer true")
    writer.sees("Checked after the rule changed: no longer true.").open("/checks").sees("Nothing waits for a check here.")
