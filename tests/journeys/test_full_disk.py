"""The disk is full: reading goes on, writing says why it cannot, and what was typed stands in the page to be sent again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from tests.faults.breaking import Site, full_database
from tests.journeys.conftest import browser_of
from tests.journeys.ground import Ground
from tests.journeys.person import Person
from tests.journeys.places import everywhere_or_plain
from tests.surface.bank import RULE, open_bank

WHY = "No space is left on the disk of this site, so nothing can be saved now. What was saved before is safe. Whoever runs the site must make room; then send this again."
LONG = "Words that nobody wants to lose, for « them » & <b>us</b>. " * 300


@contextmanager
def served(app) -> Iterator[SimpleNamespace]:
    """Serve an app of this process, whose disk can be filled, until the block ends."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield SimpleNamespace(address=f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site(app) -> Site:
    """A site with a rule, and a thread on it."""
    bank = open_bank(app)
    bank.publish({"markdown": RULE})
    return Site(bank, bank.ask()["id"])


@pytest.fixture
def come(browser, app, site, place):
    """Give a maker of people in front of that site, who meet a full disk."""
    opened = []

    def made(who: str) -> Person:
        person = browser_of(browser, here, place)
        person.watch.awaited.add(507)
        opened.append(person)
        return person.open(Ground(app, count(1)).link(site.bank.people[who])).press("Sign in", person.page.get_by_role("main"))

    with served(app) as here:
        yield made
        for one in opened:
            one.page.context.close()
    assert not [trouble for one in opened for trouble in one.watch.troubles]


def kept(person: Person, name: str) -> str:
    """Return what stands in the field of this name on the page that refuses, with line ends as they were typed."""
    return person.page.locator(f"form[data-unsaved] [name={name}]").input_value()


@everywhere_or_plain
def test_an_answer_is_still_in_the_page_and_goes_out_once_there_is_room(come, site):
    member, colleague = come("member"), come("approver")
    member.open(f"/threads/{site.thread}").fill("Your answer", LONG)

    with full_database(site):
        member.press("Answer").sees("Not possible right now").sees(WHY).sees("What you typed").is_well()
        assert kept(member, "body") == LONG
        expect(member.link("Sign in")).to_have_count(0)        # they still are, and the page does not say otherwise
        colleague.open("/procedures/KYC-001").reads("First words.").open("/search?q=phone").is_well()

    member.press("Send it once more")
    expect(member.page.locator("article", has_text="Words that nobody wants to lose").first).to_be_visible()
    member.reads("for « them » & <b>us</b>.").reads_nothing_of(member.say("What you typed"))
    site.is_whole()


@everywhere_or_plain
def test_a_change_is_still_in_the_page_with_its_reason_and_is_sent_once_there_is_room(come, site):
    author = come("author")
    author.open("/procedures/KYC-001").follow("Write a change")
    text = author.field("Text in Markdown").input_value().replace("First words.", LONG)
    author.fill("Text in Markdown", text).fill("Why this change?", "Because of the « fire ».")

    with full_database(site):
        author.press("Send for review").sees(WHY).is_well()
        assert kept(author, "markdown") == text and kept(author, "reason") == "Because of the « fire »."
        author.press("Send it once more").sees(WHY)
        assert kept(author, "markdown") == text

    author.press("Send it once more").sees("In review").reads("Because of the « fire ».")
    site.is_whole()
