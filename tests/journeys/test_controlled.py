"""What makes the rule a controlled document: who approves, what changes for whom, who has read it, many at once, files."""

from playwright.sync_api import expect

from tests.journeys.places import either, either_or_plain
from tests.journeys.steps import approve, rewrite, send
from tests.site import PASSWORD
from wiki.drafts import DraftText


@either_or_plain
def test_an_administrator_asks_for_two_approvals_of_which_one_is_a_teams_and_both_are_shown(person, ground):
    space = ground.space()
    code = ground.procedure(space)
    second = person(ground.newcomer("approver", space, team="Compliance"))
    boss = person("administrator", space).open(f"/administration/spaces/{space}/approvals")
    boss.pick("Approval %(n)s", "team", n=2)
    boss.fill(boss.page.get_by_label(boss.say("Which team, people or role"), exact=True).nth(1), "Compliance")
    boss.press("Save").sees("The approvals are set. Changes that are open keep theirs.").is_well()

    first = person("approver", space)
    change = send(rewrite(person("author", space), code, "nine", "ten"), "Later.")
    first.open(change).tick(first.page.get_by_label(first.say("“I have reviewed this text.”")))
    first.fill("Your password, once more", PASSWORD).press("Approve").sees("waiting for the approval of %(who)s", who=first.say("one of %(who)s", who="Compliance"))
    approve(second, change).sees("Published.").sees("“I have reviewed this text.”").sees("“I approve this text for use.”").sees("“I wrote this text.”")
    second.is_well()


@either_or_plain
def test_readers_see_in_three_lines_what_changes_for_them(person, ground):
    code, author, approver = ground.procedure("kyc"), person("author", "kyc"), person("approver", "kyc")
    rewrite(author, code, "nine", "ten").fill("What changes for those it concerns?", "Come an hour later.\nTell the guard.")
    approve(approver, send(author, "Nobody comes before ten.")).sees("Published.")

    reader = person("member", "kyc").open(f"/procedures/{code}").sees("What changes for you")
    reader.reads("Come an hour later.", "Tell the guard.")


@either_or_plain
def test_people_say_that_they_have_read_it_and_the_owner_sees_who_has_not(person, ground):
    space = ground.space()
    code = ground.procedure(space)
    owner, reader = person("author", space), person("member", space)
    owner.open(f"/procedures/{code}/audience").tick("Members of the space").press("Save").sees("Who has not").is_well()

    reader.open("/").sees("To read").open(f"/procedures/{code}").follow("Read it and say so").is_well()
    reader.press("I have read and understood version %(number)s", number=1)
    reader.open(f"/procedures/{code}")
    expect(reader.page.locator(".receipt")).to_be_visible()

    ground.version(space, code, "---\ntitle: Keys of the counter\n---\n\n## Principle\n\nThe counter opens at ten.\n")
    reader.open(f"/procedures/{code}").follow("See what changed, and say so").is_well()
    expect(reader.page.locator("ins").first).to_be_visible()
    owner.open(f"/procedures/{code}/audience").press("Remind those who have not")
    reader.open("/").sees("To read").reads(owner.row.name)


@either_or_plain
def test_two_procedures_change_together(person, ground):
    space = ground.space(approvals=0)
    one, other = ground.procedure(space), ground.procedure(space, "Keys of the safe")
    author = rewrite(person("author", space), one, "nine", "ten").fill("One more procedure in this change", other)
    author.press("Add it, or a new one if the code is left empty")
    second = author.page.locator("textarea[name=markdown]").nth(1)
    author.fill(second, second.input_value().replace("nine", "ten")).press("Publish").sees("Published.")

    for code in (one, other):
        author.open(f"/procedures/{code}").reads("opens at ten")


@either_or_plain
def test_a_form_comes_with_the_text_and_one_that_lies_is_refused_with_nothing_lost(person, ground):
    space = ground.space(approvals=0)
    code = ground.procedure(space)
    author = rewrite(person("author", space), code, "nine", "ten")
    author.attach("Add a file", {"name": "form.pdf", "mimeType": "application/pdf", "buffer": b"not a PDF at all"}).press("Publish")
    assert "opens at ten" in author.field("Text in Markdown").input_value()
    author.is_well()

    author.attach("Add a file", {"name": "form.csv", "mimeType": "text/csv", "buffer": b"who,what\nme,this\n"}).press("Publish")
    if author.page.get_by_role("button", name=author.say("Publish"), exact=True).count():
        author.press("Publish")
    reader = person("member", space).open(f"/procedures/{code}").reads("form.csv")
    with reader.page.expect_download() as download:
        reader.follow(reader.named("form.csv"))
    assert download.value.path().read_bytes() == b"who,what\nme,this\n"


@either
def test_a_duty_is_found_under_its_role(person, ground):
    space = ground.space(approvals=0)
    role = f"Keeper of {space}"
    table = f"# Keys\n\n| Who | Does what | By when |\n|---|---|---|\n| {role} | Counts the keys. | Every evening |\n"
    ground.publish(space, DraftText(markdown=table))
    reader = person("member", space)
    for _ in range(50):
        if reader.open("/roles").page.get_by_role("link", name=role).count():
            break
        reader.page.wait_for_timeout(200)
    reader.follow(reader.named(role)).reads("Counts the keys.", "Every evening").is_well()
