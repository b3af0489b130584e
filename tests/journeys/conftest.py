"""The real server with the starter site, a real Chromium, and people to put in front of it.

    def test_a_member_asks(person, ground):
        ines = person("member", "kyc")
        ines.open("/procedures/KYC-001").fill("…", "Why?").press("Ask")

A journey that speaks every language on every screen is marked `@everywhere`; so is how it is worked (see places.py).
"""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, expect

from accounts.models import Person as Row
from app import create_app
from core.settings import Settings
from tests.browsers import CHROMIUM
from tests.journeys.ground import Ground
from tests.journeys.person import Person
from tests.journeys.places import HEIGHT, SCREENS, Place
from tests.journeys.watching import Watch
from tests.running import Server
from tests.site import site_of

_PATIENCE_MS = 10_000


def pytest_runtest_setup() -> None:
    """Skip from one place, so that one line says it for every journey."""
    if CHROMIUM is None:
        pytest.skip("journeys: there is no Chromium here")


@pytest.fixture(scope="session", autouse=True)
def patience() -> None:
    expect.set_options(timeout=_PATIENCE_MS)


@pytest.fixture(scope="session")
def server(browser, tmp_path_factory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("site"), starter=True).start()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def ground(server) -> Iterator[Ground]:
    app = create_app(Settings(data=server.data, port=server.port, starter=False))
    yield Ground(app, count(1))
    site_of(app).database.engine.dispose()


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def language(place) -> str:
    return place.language


@pytest.fixture
def person(browser, server, ground, place) -> Iterator[Callable[..., Person]]:
    """Give a maker of people: `person(role, space)` is somebody new, `person(row)` somebody known, both signed in and before an
    empty page; `person()` is nobody."""
    opened = []

    def come(who: str | Row | None = None, space: str | None = None, *, scheme: str = "light") -> Person:
        row = ground.newcomer(who, space or "kyc") if isinstance(who, str) else who
        made = browser_of(browser, server, place, scheme=scheme)
        opened.append(made)
        made.row = row
        if row is not None:
            made.page.context.add_cookies([{"name": "session", "value": ground.cookie(row), "url": server.address}])
        return made

    yield come
    for one in opened:
        one.page.context.close()
    assert not (heard := [trouble for one in opened for trouble in one.watch.troubles]), "\n".join(heard)


def browser_of(browser: Browser, server: Server, place: Place, *, scheme: str = "light") -> Person:
    """Return nobody yet, in a browser of their own that is as their place says."""
    context = browser.new_context(
        base_url=server.address, locale={"en": "en-GB", "fr": "fr-FR"}[place.language], color_scheme=scheme,
        viewport={"width": SCREENS[place.screen], "height": HEIGHT}, java_script_enabled=place.script, reduced_motion="reduce",
    )
    context.set_default_timeout(_PATIENCE_MS)
    watch = Watch()
    page = watch.over(context.new_page())
    return Person(page, place, watch, place.hands(page))
