import pytest

from tests.surface.bank import RULE, Bank, open_bank


@pytest.fixture
def bank(app) -> Bank:
    """A bank with a procedure in force, a thread and an answer."""
    made = open_bank(app)
    made.publish({"markdown": RULE})
    made.thread = made.ask()["id"]
    made.answer = made.write(f"/threads/{made.thread}/posts", {"body": "A phone bill does."}, "animator", 201)["id"]
    return made
