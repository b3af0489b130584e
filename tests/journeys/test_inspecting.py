"""An inspector reads the journal: what was done, by whom, and the hash that proves it."""

from playwright.sync_api import expect

from tests.journeys.places import everywhere_or_plain


@everywhere_or_plain
def test_an_auditor_reads_the_journal_and_takes_it_away(person, ground):
    slug = ground.space()
    code = ground.procedure(slug, "Keys of the vault")
    thread = ground.thread(code, "Who counts the keys?")
    ground.answer(thread, "The desk does.")
    auditor = person("auditor", slug).open(f"/spaces/{slug}").follow("Journal").sees("The journal").is_well()
    auditor.sees("approved a change").sees("opened a thread").sees("gave somebody a role").reads(" UTC", "Who counts the keys?")

    record = auditor.page.locator(".record > li")
    shown = record.count()
    auditor.unfold(record.first.locator("summary")).sees("The one before").is_well()
    expect(auditor.page.locator(".lead .path")).to_have_text(record.first.locator(".number").get_attribute("title"))

    auditor.fill("By whom", "member").press("Show").sees("wrote a message").is_well()
    expect(auditor.field("By whom")).to_have_value("member")
    assert 0 < record.count() < shown
    auditor.fill("By whom", "Nobody Atall").press("Show").sees("Nobody of this name did anything in this space.").is_well()
    expect(auditor.field("By whom")).to_have_value("Nobody Atall")
    auditor.follow("Show everything")
    with auditor.page.expect_download() as taken:
        auditor.follow("Take it as a spreadsheet (CSV)")
    assert len(taken.value.path().read_text("utf-8-sig").splitlines()) == shown + 1

    auditor.follow(auditor.page.get_by_role("link", name=f"{code}, {auditor.say('version %(number)s', number=1)}")).reads("The counter opens at nine.")
