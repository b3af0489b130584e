"""What keeps the rule true: reviews on their day, clauses that are answered, and a history that explains itself."""

import re

from playwright.sync_api import expect

from tests.journeys.places import either_or_plain
from tests.journeys.steps import approve, rewrite, send

OVERDUE = "---\ntitle: {title}\nreview_every: 1 day\nregulations:\n  - Banking code, article L. 561-5\n---\n\n## Principle\n\nThe counter opens at nine.\n"
LAW = "Banking code"


@either_or_plain
def test_an_owner_reviews_a_procedure_in_a_minute(person, ground):
    space = ground.space(approvals=0)
    code = ground.procedure(space, text=OVERDUE)
    ground.thread(code, "We open at half past nine.", kind="gap")
    owner = person("author", space)
    owner.open(f"/spaces/{space}/calendar").is_well().follow("Review it now").sees("People do it differently").is_well()

    owner.fill("A note, if you like", "The hour is right.").press("Still right")
    expect(owner.page).to_have_url(re.compile(f"/procedures/{code}$"))
    owner.open(f"/procedures/{code}/review").reads(owner.row.name, "The hour is right.")
    reader = person("member", space).open(f"/procedures/{code}/review")
    expect(reader.button("Still right")).to_have_count(0)


@either_or_plain
def test_what_needs_a_change_leads_to_the_change(person, ground):
    space = ground.space()
    code = ground.procedure(space, text=OVERDUE)
    owner = person("author", space).open(f"/procedures/{code}/review").fill("A note, if you like", "The hour is wrong.")
    owner.press("Needs a change")
    expect(owner.field("Why this change?")).to_have_value("The hour is wrong.")
    assert "opens at nine" in owner.field("Text in Markdown").input_value()


@either_or_plain
def test_days_are_read_by_a_calendar_program_from_a_private_address(person, ground):
    space = ground.space(approvals=0)
    code = ground.procedure(space, text=OVERDUE)
    owner = person("author", space).open("/calendar").press("Make a private address").sees("Here is your private address. It is shown only now: copy it into your calendar program.").is_well()
    address = owner.page.locator(".secret").inner_text()
    path = "/calendar/" + address.rsplit("/", 1)[1]

    assert code in owner.page.request.get(path).text()
    owner.open("/calendar").press("End it").sees("A calendar program can show these days from a private address.")
    assert owner.page.request.get(path).status == 404


@either_or_plain
def test_a_clause_is_written_down_answered_and_amended(person, ground):
    space = ground.space(approvals=0)
    code = ground.procedure(space, text=OVERDUE.replace("1 day", "10 years"))
    author = person("author", space).open(f"/spaces/{space}/regulations").sees("Named by procedures, but not in the register").is_well()
    author.follow("Add a text").fill("Source", "Official Journal").press("Save")     # the browser holds back an empty title
    assert author.field("Source").input_value() == "Official Journal"
    author.fill("Title", LAW).press("Save").sees("No clause is written down yet.")
    for label in ("L. 561-5", "L. 561-8"):
        author.fill("Its number or name", label).fill("What it asks, in a few words", "Identify.").press("Add the clause").reads(label)
    author.reads(code).sees("No procedure answers this clause.").is_well()

    author.fill("Its number or name", "L 561-5").fill("What it asks, in a few words", "Typed twice.").press("Add the clause").is_well()
    assert author.field("What it asks, in a few words").input_value() == "Typed twice."

    author.follow(author.page.get_by_role("link", name="L. 561-5", exact=True)).fill("How, in a sentence", "Also at a distance.").press("It was amended").reads("Also at a distance.").is_well()
    reader = person("member", space).open(f"/procedures/{code}")
    reader.sees("%(title)s, %(label)s, was amended", title=LAW, label="L. 561-5").is_well()


@either_or_plain
def test_a_list_of_clauses_is_brought_whole_or_not_at_all(person, ground):
    space = ground.space()
    author = person("author", space).open(f"/spaces/{space}/regulations").follow("Bring a list")
    author.fill("Or the lines themselves", f"text,clause\n{LAW},L. 1\n,L. 2\n").press("Bring it").is_well()
    assert "L. 1" in author.field("Or the lines themselves").input_value()
    author.fill("Or the lines themselves", f"text,clause\n{LAW},L. 1\n{LAW},L. 2\n").press("Bring it").reads(LAW)
    author.reads(author.page.locator("#texts .note").inner_text()).is_well()


@either_or_plain
def test_a_version_explains_where_it_came_from(person, ground):
    code, author, approver = ground.procedure("kyc"), person("author", "kyc"), person("approver", "kyc")
    approve(approver, send(rewrite(author, code, "nine", "ten"), "Nobody comes before ten.")).sees("Published.")

    author.open(f"/procedures/{code}/versions").reads("Nobody comes before ten.").is_well()
    author.follow("How it was written and decided").is_well().reads(author.row.name, approver.row.name)
    expect(author.page.locator("ins").first).to_be_visible()
    reader = person("member", "kyc").open(f"/procedures/{code}/versions").follow("Since when each line stands").is_well()
    reader.reads("opens at ten", "Nobody comes before ten.").follow("What changed then")
    expect(reader.page.locator("ins").first).to_be_visible()


@either_or_plain
def test_what_was_declined_stays_readable_to_those_who_decide(person, ground):
    code, author, approver = ground.procedure("kyc"), person("author", "kyc"), person("approver", "kyc")
    change = send(rewrite(author, code, "nine", "ten"), "An hour later.")
    approver.open(change).unfold("Decline, with a reason").fill("Why not?", "The bank opens at nine.").press("Decline").sees("Declined")

    path = change.split("/changes/")[1]
    author.open(f"/changes/{path}/history").reads("The bank opens at nine.", "An hour later.").is_well()
    member = person("member", "kyc").open(f"/changes/{path}/history")
    member.reads_nothing_of("The bank opens at nine.")
