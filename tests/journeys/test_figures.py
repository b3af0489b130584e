"""What the exchanges teach: drawn, and said by the table beside it."""

from playwright.sync_api import expect

from tests.journeys.places import either_or_plain


@either_or_plain
def test_an_owner_reads_where_rule_and_work_part_company(person, ground):
    space = ground.space(approvals=0)
    code = ground.procedure(space)
    ground.answer(ground.thread(code, "When does it open?", quote="The counter opens at nine."), "At nine.")
    ground.thread(code, "We open at half past nine.", kind="gap")
    owner = person("author", space).open(f"/spaces/{space}").follow("Figures")
    owner.sees("Where rule and work part company").sees("%(num)s open: done differently", num=1).is_well()
    expect(owner.page.locator("svg.plot rect.asked")).to_have_count(1)

    owner.follow("Its figures").reads("The counter opens at nine.").is_well()
    with owner.page.expect_download() as taken:
        owner.follow("Take it as a spreadsheet (CSV)")
    assert f"{code}@1" in taken.value.path().read_text("utf-8-sig")
