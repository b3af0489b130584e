"""An administrator looks after the site: how it is, a check of the record, a letter to see whether mail works."""

import re
import time
from itertools import count

import pytest

from app import create_app
from core.settings import Settings
from tests.journeys.conftest import browser_of
from tests.journeys.ground import Ground
from tests.journeys.places import either_or_plain, everywhere, everywhere_or_plain
from tests.journeys.steps import choose_password
from tests.running import Server
from tests.running_site.post_office import opened
from tests.site import site_of


@everywhere_or_plain
def test_an_administrator_sees_how_the_site_is_and_has_the_record_checked(person, ground):
    boss = person("administrator").open("/").follow("Administration").is_well()
    site_of(ground.app).loop.catch_up()
    boss.follow("Health").sees("Everything works.").sees("Up to date.").is_well()

    boss.press("Check it now").sees("The check is at work. Its result will stand here.")
    at_work = "A check was asked for on %(day)s and is at work. Load this page again to see its result."
    for _ in range(100):
        if not boss.page.get_by_text(boss.say(at_work).partition("%(day)s")[2]).count():
            break
        boss.page.wait_for_timeout(200)
        boss.open("/administration/health")
    boss.sees("Nothing is wrong.").is_well()


@everywhere
def test_without_a_mail_server_the_page_says_what_to_set(person):
    boss = person("administrator").open("/administration/health")

    boss.sees("No mail server is set, so nothing is mailed. Set PROCEDURES_MAIL_URL and start the site again.")


@pytest.fixture(scope="module")
def office():
    with opened() as (found, port):
        found.port = port
        yield found


@pytest.fixture(scope="module")
def mailing(browser, office, tmp_path_factory):
    """A site that mails, and the ground under it."""
    server = Server(tmp_path_factory.mktemp("mailing"), MAIL_URL=f"smtp://127.0.0.1:{office.port}").start()
    app = create_app(Settings(data=server.data, port=server.port, starter=False))
    yield server, Ground(app, count(1))
    site_of(app).database.engine.dispose()
    server.stop()


@either_or_plain
def test_a_forgotten_password_is_chosen_anew_from_a_letter(browser, office, mailing, place):
    server, ground = mailing
    office.refuses, row = "", ground.newcomer("administrator", "", password=False)
    boss = browser_of(browser, server, place).open("/signin").follow("I forgot my password").is_well()
    boss.fill("E-mail address", row.email).press("Send me a link")
    boss.sees("If somebody has this address, a letter is on its way to it. The link in it works once, within two hours.")

    boss.open(link_for(office, row.email)).press("Sign in", boss.page.get_by_role("main"))
    choose_password(boss).page.context.close()


def link_for(office, email: str) -> str:
    """Return the path of the link in the letter to somebody, once it is there."""
    for _ in range(100):
        for taker, letter in office.taken:
            if taker == [email] and (found := re.search(r"/link/[\w-]+", letter)):
                return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no link was sent to {email}")


@everywhere_or_plain
def test_a_test_letter_says_clearly_whether_mail_works(browser, office, mailing, place):
    server, ground = mailing
    boss = browser_of(browser, server, place)
    row = ground.newcomer("administrator", "")
    boss.open(ground.link(row)).press("Sign in", boss.page.get_by_role("main"))

    office.refuses = ""
    boss.open("/administration/health").press("Send me a test letter").sees("The mail server took the last test letter.").is_well()
    assert office.taken[-1][0] == [row.email]
    office.refuses = "recipient"
    boss.press("Send me a test letter")
    boss.sees("The mail server does not take your address. Look at it on your account page, and at whom the server lets us write to.")
    boss.reads("550 no such person").is_well()
    boss.page.context.close()
