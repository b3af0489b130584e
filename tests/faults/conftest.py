import pytest

from tests.faults.breaking import Site
from tests.surface.bank import RULE, open_bank


@pytest.fixture
def site(app) -> Site:
    """A site that works, with a published procedure, a discussion, and the pages seen once."""
    bank = open_bank(app)
    bank.app.extensions["writes"].hit = lambda *_given: True       # nobody is slowed down
    bank.publish({"markdown": RULE})
    bank.publish({"markdown": "# Notes\n\nFirst.\n"}, space="wiki")
    made = Site(bank, bank.ask()["id"])
    made.can_be_read()
    return made
