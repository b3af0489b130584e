"""The same people over HTTP: a running site with one procedure in force, and a client per person."""

from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from accounts.models import Person
from core.journal import Act
from receipts.models import AudienceEntry, Receipt, Reminder
from tests.receipts.conftest import RULE
from tests.site import Caller, caller, grant, make_person, make_space, sign_in, site_of
from tests.world import World
from wiki.drafts import DraftText


@dataclass
class Office:
    """People of one space, by what they do in it."""

    app: Flask
    people: dict[str, Person] = field(default_factory=dict)

    def client(self, who: str | None = None) -> FlaskClient:
        """Return a browser, signed in as somebody."""
        client = self.app.test_client()
        return sign_in(client, self.people[who]) if who else client

    def caller(self, who: str | None = None) -> Caller:
        """Return a client of the API, as somebody."""
        return caller(self.app, self.people[who] if who else None)

    def publish(self, text: str, code: str | None = None, slug: str = "kyc", **more) -> None:
        """Put a text in force."""
        site = site_of(self.app)
        author, approver = (self.people[who].id for who in ("author", "approver"))
        World(site.database, site.library).publish(author, approver, slug, DraftText(code=code, markdown=text), **more)

    def amend(self, words: str, **more) -> None:
        """Put KYC-001 in force with these words at its end."""
        self.publish(f"{RULE}\n{words}\n", "KYC-001", **more)

    def ask(self, *who: str, **more) -> None:
        """Choose whom KYC-001 asks."""
        answer = self.caller("author").put("/procedures/KYC-001/audience", {"people": [self.people[one].id for one in who]} | more)
        assert answer.status_code == 200, answer.text

    def kept(self) -> list[int]:
        """Return how many rows and acts there are of everything that is kept."""
        with site_of(self.app).database.reading() as session:
            return [session.scalar(select(func.count()).select_from(model)) for model in (AudienceEntry, Receipt, Reminder, Act)]

    def statements(self, who: str, path: str) -> int:
        """Return how many statements a page takes somebody."""
        made = []
        count = lambda *given: made.append(given[2])     # noqa: E731
        engine, client = site_of(self.app).database.engine, self.client(who)
        event.listen(engine, "before_cursor_execute", count)
        assert client.get(path).status_code == 200
        event.remove(engine, "before_cursor_execute", count)
        return len(made)


def open_office(app: Flask) -> Office:
    """Return an office with a space `kyc` (KYC-001 in force) and a walled space `vault` (VAULT-001)."""
    office = Office(app)
    teams = {"ines": "Branches", "jonas": "Online desk", "sofia": "Back office"}
    for who in ("author", "approver", "auditor", *teams):
        office.people[who] = make_person(app, f"{who.title()} Martin", password=False, team=teams.get(who, ""))
    office.people["guest"] = make_person(app, "Guest Martin", password=False, guest=True)
    make_space(app, "kyc")
    make_space(app, "vault", visibility="restricted", prefix="VAULT")
    for slug in ("kyc", "vault"):
        grant(app, slug, office.people["author"], "author")
        grant(app, slug, office.people["approver"], "approver")
    grant(app, "kyc", office.people["auditor"], "auditor")
    office.publish(RULE)
    office.publish(RULE.replace("Opening an account", "Locked away"), slug="vault")
    return office
