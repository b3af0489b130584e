"""The same people over HTTP: a running site with one procedure in force, and a client per person."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.actors import by_id
from accounts.models import Person, Space
from tests.discussions.conftest import RULE
from tests.site import Caller, caller, grant, make_person, make_space, sign_in, site_of
from wiki import changes, sending
from wiki.drafts import Draft, DraftText


@dataclass
class Office:
    """People of one space, by what they do in it."""

    app: Flask
    people: dict[str, Person]

    def client(self, who: str | None = None) -> FlaskClient:
        """Return a browser, signed in as somebody."""
        client = self.app.test_client()
        return sign_in(client, self.people[who]) if who else client

    def caller(self, who: str | None = None) -> Caller:
        """Return a client of the API, as somebody."""
        return caller(self.app, self.people[who] if who else None)

    def publish(self, text: str, code: str | None = None, slug: str = "kyc") -> None:
        """Put a text in force in a space without required approvals."""
        site = site_of(self.app)
        with site.database.transaction() as session:
            actor = by_id(session, self.people["author"].id)
            space = session.scalar(select(Space).where(Space.slug == slug))
            draft = Draft("", None, (DraftText(code=code, markdown=text),))
            change = changes.open_change(session, site.library, actor, space, draft)
            sending.submit(session, site.library, actor, change.id)


def open_office(app: Flask) -> Office:
    """Return an office with a space `kyc` (KYC-001 in force) and a walled space `vault` (VAULT-001)."""
    roles = {"asker": (), "answerer": (), "animator": ("animator",), "author": ("author",), "auditor": ("auditor",)}
    people = {who: make_person(app, f"{who.title()} Martin", password=False) for who in roles}
    people["guest"] = make_person(app, "Guest Martin", password=False, guest=True)
    make_space(app, "kyc", approvals=0)
    make_space(app, "vault", approvals=0, visibility="restricted", prefix="VAULT")
    for who, held in roles.items():
        grant(app, "kyc", people[who], *held)
    grant(app, "vault", people["author"], "author")
    office = Office(app, people)
    office.publish(RULE)
    office.publish("# Locked away\n\nThe safe opens at noon.\n", slug="vault")
    return office
