"""A small bank over HTTP: a space with one approval, an open plain wiki, and one person per role."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import Person, Space
from tests.site import PASSWORD, Caller, caller, grant, make_person, make_space, sign_in, site_of

RULE = "# Opening an account\n\n## Principle\n\nFirst words.\n\n## Who does what\n\nSecond words.\n\n## What we keep\n\nThird words.\n"
ROLES = ("author", "second", "approver", "animator", "auditor", "member")


class Nobody(Caller):
    """A client of the API without a token."""

    def _call(self, method: str, path: str, **more):
        return self.client.open(f"/api/v1{path}", method=method, **more)


@dataclass
class Bank:
    """The people of the site by what they are, and short ways to act over the API."""

    app: Flask
    people: dict[str, Person] = field(default_factory=dict)
    _callers: dict[str | None, Caller] = field(default_factory=dict)

    def __call__(self, who: str | None = None) -> Caller:
        """Return somebody's client of the API; without a name, nobody's."""
        if who not in self._callers:
            self._callers[who] = caller(self.app, self.people[who]) if who else Nobody(self.app.test_client(), "")
        return self._callers[who]

    def browser(self, who: str | None = None) -> FlaskClient:
        """Return a browser, signed in as somebody."""
        client = self.app.test_client()
        return sign_in(client, self.people[who]) if who else client

    @cached_property
    def browser_of_reader(self) -> FlaskClient:
        """The same browser every time, signed in as a member."""
        return self.browser("member")

    def read(self, path: str, who: str = "author", status: int = 200) -> dict:
        """GET as somebody and return what is answered with this status."""
        return _expect(self(who).get(path), status)

    def write(self, path: str, body: dict | None = None, who: str = "author", status: int = 200, method: str = "POST") -> dict:
        """Write as somebody and return what is answered with this status."""
        return _expect(self(who)._call(method, path, json=body), status)

    def draft(self, *texts: dict, who: str = "author", space: str = "kyc", status: int = 201, **more) -> dict:
        """Open a change."""
        body = {"space": space, "reason": "Because", "kind": "material", "texts": list(texts)} | more
        return self.write("/changes", body, who, status)

    def submit(self, change: dict, who: str = "author", status: int = 200) -> dict:
        """Submit a change."""
        return self.write(f"/changes/{change['id']}/submit", None, who, status)

    def approve(self, change: dict, who: str = "approver", status: int = 200, **more) -> dict:
        """Approve a change as it was answered."""
        return self.write(f"/changes/{change['id']}/approve", {"digest": change["digest"], "password": PASSWORD} | more, who, status)

    def publish(self, *texts: dict, space: str = "kyc", **more) -> dict:
        """Publish a change, with an approval where the space asks for one."""
        change = self.submit(self.draft(*texts, space=space, **more))
        return change if change["state"] == "published" else self.approve(change)

    def ask(self, path: str = "/procedures/KYC-001/threads", who: str = "member", **more) -> dict:
        """Open a thread."""
        return self.write(path, {"kind": "question", "body": "Does a phone bill count?"} | more, who, 201)


def open_bank(app: Flask) -> Bank:
    """Return the bank: `kyc` (internal, one approval), `wiki` (public, none) and `vault` (restricted, one)."""
    bank = Bank(app)
    for who in ROLES:
        bank.people[who] = make_person(app, f"{who.title()} Martin", password=who in ("approver", "second"))
    bank.people["administrator"] = make_person(app, "Administrator Martin", password=False, administrator=True)
    bank.people["guest"] = make_person(app, "Guest Martin", password=False, guest=True)
    make_space(app, "kyc")
    make_space(app, "wiki", approvals=0, visibility="public")
    make_space(app, "vault", visibility="restricted")
    for slug in ("kyc", "wiki", "vault"):
        for who in ("author", "approver", "animator", "auditor"):
            grant(app, slug, bank.people[who], who)
        grant(app, slug, bank.people["second"], "author", "approver")
    return bank


@contextmanager
def needing(bank: Bank, slug: str, *, approvals: int) -> Iterator[None]:
    """Let a space require another number of approvals for a while; a change keeps the number it was opened with."""
    was = _require(bank, slug, approvals)
    yield
    _require(bank, slug, was)


def _require(bank: Bank, slug: str, approvals: int) -> int:
    with site_of(bank.app).database.transaction() as session:
        space = session.scalar(select(Space).where(Space.slug == slug))
        was, space.approvals_required = space.approvals_required, approvals
        return was


def _expect(answer, status: int) -> dict:
    assert answer.status_code == status, answer.text
    return answer.json
