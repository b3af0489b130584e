"""Running the site from the page: people come in and go, spaces are made, seen as others see them, and closed; guests."""

import re

from playwright.sync_api import expect

from tests.journeys.places import either_or_plain
from tests.journeys.steps import PASSWORD, choose_password


def secret_of(person):
    """Return the path of the link that a page shows once."""
    shown = person.page.locator(".secret").first.inner_text()
    return re.search(r"https?://[^/]+(/\S+)", shown)[1]


@either_or_plain
def test_an_administrator_lets_somebody_in_and_they_come_with_the_link(person, ground):
    boss = person("administrator", "kyc").open("/administration/people").is_well().follow("Add a person").is_well()
    email = f"newcomer.{next(ground.made)}@aubrac.example"
    boss.fill("Full name", "12").fill("E-mail address", email).press("Add and make a link").sees("Give a full name, without < or >.")
    assert boss.field("E-mail address").input_value() == email
    boss.is_well().fill("Full name", "Camille Roux").press("Add and make a link").is_well()

    newcomer = person().open(secret_of(boss)).press("Sign in", None)
    choose_password(newcomer).reads("Camille Roux")
    boss.open("/administration/people").fill("Name, e-mail address or team", email).press("Show").reads("Camille Roux")


@either_or_plain
def test_a_list_is_looked_at_before_anybody_is_added(person, ground):
    boss, number = person("administrator", "kyc").open("/administration/people/list"), next(ground.made)
    lines = f"Dominique Petit, d.{number}@aubrac.example\nnobody at all\nSacha Blanc <s.{number}@aubrac.example>"
    boss.fill("The lines", lines).press("Look what would happen").sees("What would happen").is_well()
    assert boss.field("The lines").input_value() == lines
    boss.reads(boss.say("Give an e-mail address such as anne@bank.example."))

    boss.press("Do it").is_well()
    expect(boss.page.locator(".secret")).to_have_count(2)


@either_or_plain
def test_what_somebody_is_changes_and_the_list_of_people_is_taken_away(person, ground):
    boss, row = person("administrator", "kyc"), ground.newcomer("member", "kyc")
    boss.open(f"/administration/people/{row.id}").press("Make a guest").press("Make an employee").press("Make an administrator")
    person(row).open("/administration").sees("People")
    boss.press("No longer an administrator").sees("Make an administrator").press("Reset the password").is_well()
    person().open(secret_of(boss)).press("Sign in", None).open("/administration").sees("Not found")

    boss.open("/administration/people")
    with boss.page.expect_download() as taken:
        boss.follow("Take the list away (CSV)")
    assert row.email in taken.value.path().read_text("utf-8-sig")


@either_or_plain
def test_somebody_who_leaves_is_disabled_and_their_sign_in_ends_at_once(person, ground):
    boss, leaver = person("administrator", "kyc"), person("member", "kyc")
    boss.open(f"/administration/people/{leaver.row.id}").is_well().press("Disable").is_well()

    leaver.open("/account").sees("Sign in")
    boss.open(f"/people/{leaver.row.id}").reads(leaver.row.name)
    boss.open(f"/administration/people/{leaver.row.id}").press("Let them in again").press("Make a one-time link")
    person().open(secret_of(boss)).press("Sign in", None).sees("What do you need to know?")


@either_or_plain
def test_a_person_looks_after_their_own_account(person, ground, language):
    member = choose_password(person(ground.newcomer("member", "kyc", password=False)))
    name = f"Renée Lambert {'ABCDEFGHIJ'[next(ground.made) % 10]}{'KLMNOPQRST'[next(ground.made) // 10 % 10]}"
    member.fill("Full name", name).pick("Time zone", "Pacific/Auckland").press("Save").sees("It is saved.").is_well().reads(name, "Pacific/Auckland")

    member.fill("What the token is for", "Reports").press("Make a token").sees("Here is your new token. It is shown only now.").is_well()
    member.press(member.page.get_by_role("button", name=re.compile(member.say("Revoke") + ".*Reports"))).sees("You have none.")

    member.open("/account").press("Sign out everywhere else").sees("You were signed out everywhere else.").reads("Chrome")
    member.fill("Present password", "not mine at all").fill("New password", PASSWORD + "!").press("Save the password")
    member.sees("This is not your password.").is_well()


@either_or_plain
def test_an_administrator_makes_a_space_and_gives_roles_in_it(person, ground):
    boss, author = person("administrator", "kyc"), ground.newcomer("member", "kyc", team="Desk")
    slug = f"made-{next(ground.made)}"
    boss.open("/administration/spaces").is_well().follow("Add a space").is_well()
    boss.fill("Name", "Complaints desk").fill("Address", "Not An Address").press("Add the space")
    assert boss.sees("A space's address is small letters, figures and single hyphens, at most 40.").field("Name").input_value() == "Complaints desk"
    boss.is_well().fill("Address", slug).fill("Prefix of its codes", "M" + "".join("ABCDEFGHIJ"[int(n)] for n in slug[5:])).press("Add the space").is_well()

    boss.fill("Name or e-mail address", "Durand").pick("Role", "author").press("Give the role").sees("Whom do you mean?").is_well()
    boss.fill("Name or e-mail address", author.email).press("Give the role").reads(author.name).is_well()
    writer = person(author).open(f"/spaces/{slug}").sees("New procedure")
    boss.press(boss.page.get_by_role("button", name=re.compile(boss.say("Revoke") + ".*" + author.name)))
    writer.open(f"/spaces/{slug}").reads_nothing_of(f"/spaces/{slug}/new")

    boss.open(f"/administration/spaces/{slug}").follow("Settings").is_well().fill("What it is for", "Who complains, and about what.").press("Save")
    boss.sees("The settings are saved.").open(f"/spaces/{slug}").reads("Who complains, and about what.")


@either_or_plain
def test_a_space_is_archived_read_and_opened_again(person, ground):
    space = ground.space()
    code = ground.procedure(space)
    boss, author = person("administrator", space), person("author", space)
    boss.open(f"/administration/spaces/{space}").press("Archive the space").is_well()

    author.open(f"/spaces/{space}").sees("Archived").is_well().reads_nothing_of(f"/spaces/{space}/new")
    author.open(f"/procedures/{code}").reads("The counter opens at nine.").open(f"/procedures/{code}/edit")
    author.sees("This space is archived: it can be read, and nothing is written in it any more.").is_well()
    boss.open(f"/administration/spaces/{space}").press("Open the space again")
    author.open(f"/procedures/{code}/edit").sees("Send for review")


@either_or_plain
def test_an_author_sees_a_space_as_a_member_does_and_leaves_with_one_button(person, ground):
    space = ground.space()
    code = ground.procedure(space)
    author = person("author", space).open(f"/spaces/{space}").follow("See it as somebody else").is_well().press("As a member")
    author.sees("Leave the preview").is_well().reads_nothing_of(f"/spaces/{space}/new")
    author.open(f"/procedures/{code}").sees("Nothing can be written meanwhile.").is_well()

    author.press("Leave the preview").open(f"/spaces/{space}").sees("New procedure")


@either_or_plain
def test_a_guest_comes_by_an_invitation_and_goes_when_it_ends(person, ground):
    author = person(ground.sample("helene.marchetti"))
    email = f"partner.{next(ground.made)}@partner.example"
    author.open("/spaces/brokers").follow("Invitations").is_well()
    author.fill("E-mail address", "no address").fill("A word with it", "See you there.")
    author.page.locator("form [name=email]").evaluate("one => one.type = 'text'")
    author.press("Make the invitation").sees("Give an e-mail address such as anne@bank.example.")
    assert author.field("A word with it").input_value() == "See you there."
    author.is_well().fill("E-mail address", email).press("Make the invitation").is_well()

    guest = person().open(secret_of(author)).reads(author.row.name, "Brokers", "See you there.").is_well()
    guest.fill("Your full name", "Mika Janssen").press("Come in").reads("BRO-001").is_well()
    guest.open("/spaces/kyc").sees("Not found")
    author.open("/spaces/brokers/people").reads("Mika Janssen").is_well()
    author.open("/spaces/brokers/invitations").press(author.page.get_by_role("button", name=re.compile("Mika Janssen")))
    guest.open("/spaces/brokers").sees("Not found")


@either_or_plain
def test_a_forgotten_password_says_whom_to_ask_where_no_mail_is_sent(person):
    person().open("/signin").follow("I forgot my password").sees("This site sends no mail. Ask one of its administrators: they can make a link that signs you in once.").is_well()
