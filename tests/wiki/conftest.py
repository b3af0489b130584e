"""A world with a space of one required approval, its author, its approver and somebody else."""

from dataclasses import dataclass

import pytest

from tests.world import World, make_world


@dataclass
class People:
    """Named people of the tests."""

    author: str
    approver: str
    second: str
    member: str
    auditor: str


@pytest.fixture
def world(database, tmp_path) -> World:
    return make_world(database, tmp_path / "data")


@pytest.fixture
def people(world) -> People:
    found = People(
        author=world.person("Anne Author"),
        approver=world.person("Boris Approver"),
        second=world.person("Chloé Second"),
        member=world.person("Dora Member"),
        auditor=world.person("Ruth Auditor"),
    )
    world.space("kyc")
    world.grant("kyc", found.author, "author")
    world.grant("kyc", found.approver, "approver")
    world.grant("kyc", found.second, "author", "approver")
    world.grant("kyc", found.auditor, "auditor")
    return found
