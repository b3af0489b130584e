import pytest

from app import create_app
from core.settings import Settings
from tests import databases
from tests.site import site_of
from tests.surface.bank import RULE, Bank, open_bank


@pytest.fixture
def bank(app) -> Bank:
    """A bank of the test's own."""
    return open_bank(app)


@pytest.fixture(scope="module")
def standing_bank(database_kind, tmp_path_factory, request):
    """One bank for a module whose tests leave the record as it is, or do not care; nobody is slowed down in it."""
    data = tmp_path_factory.mktemp("bank") / "data"
    made = create_app(Settings(data=data, database_url=_url(database_kind, data, request), starter=False, rate_limits=False))
    made.extensions["procedures"].engine.rebuild(())
    yield open_bank(made)
    site_of(made).database.engine.dispose()


@pytest.fixture(scope="module")
def lived(standing_bank):
    """A bank with something at every address."""
    bank = standing_bank
    bank.publish({"markdown": RULE})
    bank.publish({"code": "KYC-001", "markdown": RULE + "\nMore.\n"})
    bank.draft({"code": "KYC-001", "markdown": RULE + "\nA draft.\n"})
    bank.submit(bank.draft({"markdown": "# In review\n"}))
    bank.publish({"markdown": "# Locked away\n\nBehind the picture.\n"}, space="vault")
    thread = bank.ask(who="author")
    bank.write(f"/threads/{thread['id']}/posts", {"body": "Yes."}, "author", 201)
    return bank


def _url(kind, data, request) -> str:
    if kind == "sqlite":
        return databases.sqlite_copy(request.getfixturevalue("sqlite_template"), data)
    url = request.getfixturevalue("postgres_database")
    databases.empty(url)
    return url
