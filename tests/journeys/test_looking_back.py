"""Looking back on the rule: its versions, any of them whole, any two compared, the text of any day. SOX-7."""

from datetime import timedelta

from playwright.sync_api import expect

from core import clock
from tests.journeys.ground import RULE
from tests.journeys.places import either_or_plain


@either_or_plain
def test_a_reader_looks_back_on_every_version(person, ground):
    code = ground.procedure("kyc")
    ground.version("kyc", code, RULE.format(title="Keys of the counter").replace("nine", "ten"))
    yesterday = clock.today(ground.world.library.zone) - timedelta(days=1)
    reader = person("member", "kyc").open(f"/procedures/{code}").reads("opens at ten")

    reader.follow(reader.page.locator(".colophon a").first).follow("Version %(number)s", number=1).reads("opens at nine", reader.say("Version %(number)s, superseded", number=1)).is_well()

    reader.open(f"/procedures/{code}/versions").fill("From version", "1").fill("To version", "2").press("Compare")
    expect(reader.page.locator("del").first).to_have_text("nine")
    expect(reader.page.locator("ins").first).to_have_text("ten")

    reader.open(f"/procedures/{code}/versions").fill("In force on", str(yesterday)).press("Look")
    reader.sees("Nothing was in force on that day.").follow("Back to today").reads("opens at ten")
