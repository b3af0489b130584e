"""People who know each other: who helped with what, asking one of them, recommending somebody, and guests among guests."""

from playwright.sync_api import expect

from tests.journeys.places import either_or_plain
from tests.journeys.test_administering import secret_of
from tests.site import site_of


@either_or_plain
def test_somebody_who_helped_is_asked_in_a_thread_on_the_procedure(person, ground):
    space = ground.space(approvals=0)
    code = ground.procedure(space)
    known = ground.thread(code, "Where is the key?")
    helper, asker = person(ground.accept(known, ground.answer(known, "In the safe.", team=f"Team of {space}"))), person("member", space)

    asker.open(f"/people/{helper.row.id}").sees("Helped with").reads(code).is_well().follow("Ask this person about it")
    box = asker.page.locator("#say")
    expect(box).to_have_value(f"@{helper.row.name} (Team of {space}) ")
    asker.fill(box, f"{box.input_value()}and its double?").press("Ask").reads("and its double?")
    site_of(ground.app).loop.catch_up()

    helper.open("/notices").follow(helper.named("double"))
    helper.fill("Your answer", "With the guard.").press("Answer").reads("With the guard.")


@either_or_plain
def test_a_member_recommends_somebody_and_everybody_reads_who_brought_them(person, ground):
    space = ground.space(visibility="restricted")
    boss, member = person("administrator", space), person("member", space)
    boss.open(f"/administration/spaces/{space}/settings").fill("Recommendations of each member", "1").press("Save").sees("The settings are saved.")

    member.open(f"/spaces/{space}").follow("Who is here").follow("Recommend somebody").sees("%(num)s left", num=1).is_well()
    email = f"friend.{next(ground.made)}@partner.example"
    member.fill("E-mail address", email).fill("Last day of the access", str(ground.world.day(30))).press("Make the invitation").is_well()
    secret = secret_of(member)
    member.fill("E-mail address", "another@partner.example").press("Make the invitation")
    member.sees("You have made every recommendation that this space gives you.").is_well()

    person().open(secret).reads(member.row.name).fill("Your full name", "Mika Janssen").press("Come in")
    member.open(f"/spaces/{space}/people").reads("Mika Janssen").sees("Came by %(name)s", name=member.row.name)
    member.follow(member.named("Mika Janssen")).sees("Came by %(by)s", by=member.row.name).is_well()
    person().open(secret).sees("This invitation no longer works")


@either_or_plain
def test_guests_meet_each_other_only_where_their_space_says_so(person, ground):
    space = ground.space(visibility="restricted")
    guest, other, boss = person("guest", space), ground.newcomer("guest", space), person("administrator", space)
    met = guest.page.locator(f"a[href='/people/{other.id}']")
    expect(guest.open(f"/spaces/{space}/people").is_well().page.locator("main .entries a")).to_have_count(1)
    expect(met).to_have_count(0)

    boss.open(f"/administration/spaces/{space}/settings").tick("Guests of this space see each other").press("Save").sees("The settings are saved.")
    guest.open(f"/spaces/{space}/people")
    expect(met).to_have_count(1)


@either_or_plain
def test_whoever_invited_a_guest_says_after_six_months_whether_they_are_still_needed(person, ground):
    guest = ground.invited("brokers", days=190)
    author = person(ground.sample("helene.marchetti")).open("/")
    asked = author.page.locator("li").filter(has_text=author.say("Does %(name)s still need %(space)s?", name=guest.name, space="Brokers"))
    author.sees("Your guests").is_well().press("Still needed", asked)

    expect(author.open("/").page.locator(".brand")).to_be_visible()
    expect(asked).to_have_count(0)
