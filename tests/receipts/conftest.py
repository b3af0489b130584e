"""A world where one procedure of an internal space can ask people of several teams to say that they have read it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.journal import Act
from receipts.attesting import attest
from receipts.audiences import Chosen, choose
from receipts.models import Receipt
from receipts.reminding import remind
from receipts.rolls import roll
from receipts.to_read import to_read
from tests.world import World, make_world
from wiki import procedures
from wiki.drafts import DraftText

RULE = "---\ntitle: Opening an account\napplies_to: [Branches, Online desk]\n---\n\nThe adviser obtains one proof of address.\n"


@dataclass
class Desk:
    """Short ways to ask and to attest in the world of these tests."""

    world: World
    author: str
    approver: str
    auditor: str
    ines: str           # Branches
    jonas: str          # Online desk
    sofia: str          # Back office
    guest: str

    def amend(self, text: str, kind: str = "material", **more) -> None:
        """Put another text in force."""
        self.world.publish(self.author, self.approver, "kyc", DraftText(code="KYC-001", markdown=text), kind=kind, **more)

    def ask(self, *people: str, roles: tuple[str, ...] = (), applies_to: bool = False, by: str | None = None, digest: str | None = None):
        """Choose whom KYC-001 asks."""
        return self.world.act(by or self.author, choose, "KYC-001", Chosen(roles, people, applies_to), digest)

    def attest(self, person: str | None, version: int) -> Receipt:
        """Say that one has read a version of KYC-001."""
        return self.world.act(person, attest, "KYC-001", version)

    def remind(self, by: str | None = None) -> list[str]:
        """Ask those again who have not; return whom."""
        return [reminder.person_id for reminder in self.world.act(by or self.author, remind, "KYC-001")]

    def waits_for(self, person: str | None) -> list[tuple[str, int, int | None]]:
        """Return what waits for somebody: code, version, and the version attested last."""
        with self.world.database.reading() as session:
            found = to_read(session, self.world.library, self.world.actor(session, person))
            return [(one.code, one.version, one.attested) for one in found]

    def since(self, person: str):
        """Return since when KYC-001 waits for somebody."""
        with self.world.database.reading() as session:
            return to_read(session, self.world.library, self.world.actor(session, person))[0].since

    def roll(self) -> dict[str, list[str]]:
        """Return the ids of the people on each part of the roll, in order."""
        with self.world.database.reading() as session:
            found = procedures.readable(session, self.world.actor(session, self.author), "KYC-001")
            lines = roll(session, self.world.library, found).lines
            return {state: [line.person.id for line in lines if line.state == state] for state in ("missing", "attested", "past")}

    def acts(self) -> list[str]:
        """Return the acts of the journal, in order."""
        with self.world.database.reading() as session:
            return list(session.scalars(select(Act.act).order_by(Act.id)))


@pytest.fixture
def world(database, tmp_path) -> World:
    return make_world(database, tmp_path / "data")


@pytest.fixture
def desk(world) -> Desk:
    author, approver, auditor = (world.person(name) for name in ("Hélène Author", "Margaux Approver", "Ruth Auditor"))
    ines, jonas = world.person("Inès Member", team="Branches"), world.person("Jonas Member", team="online  DESK")
    sofia, guest = world.person("Sofia Member", team="Back office"), world.guest("Gil Guest")
    world.space("kyc")
    world.grant("kyc", author, "author")
    world.grant("kyc", approver, "approver")
    world.grant("kyc", auditor, "auditor")
    world.publish(author, approver, "kyc", DraftText(markdown=RULE))
    return Desk(world, author, approver, auditor, ines, jonas, sofia, guest)


@pytest.fixture
def later(monkeypatch):
    """Let days pass."""
    passed = {"days": 0}
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=passed["days"]))

    def pass_days(days: int) -> None:
        passed["days"] += days

    return pass_days


@pytest.fixture
def office(app):
    from tests.receipts.office import open_office

    return open_office(app)
