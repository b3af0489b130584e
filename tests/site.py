"""Named people and spaces, made with the verbs themselves, and short ways to be somebody over HTTP."""

from dataclasses import dataclass
from functools import cache

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts import grants, passwords, people, sign_ins, spaces, tokens
from accounts.models import Person, Space
from core.web import Site

PASSWORD = "a quiet brown horse"


@dataclass
class Caller:
    """A client of the JSON API with a token."""

    client: FlaskClient
    token: str

    def _call(self, method: str, path: str, **more):
        headers = {"Authorization": f"Bearer {self.token}"} | more.pop("headers", {})
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)

    def get(self, path: str, **more):
        """GET a path under /api/v1."""
        return self._call("GET", path, **more)

    def post(self, path: str, json=None, **more):
        """POST to a path under /api/v1."""
        return self._call("POST", path, json=json, **more)

    def put(self, path: str, json=None, **more):
        """PUT to a path under /api/v1."""
        return self._call("PUT", path, json=json, **more)

    def delete(self, path: str, json=None, **more):
        """DELETE a path under /api/v1."""
        return self._call("DELETE", path, json=json, **more)


@cache
def _kept_password() -> str:
    return passwords.kept(PASSWORD)


def site_of(app: Flask) -> Site:
    """Return the parts of an app."""
    return app.extensions["procedures"]


def make_person(app: Flask, name: str = "Anne Martin", *, password: bool = True, **more) -> Person:
    """Add a person named "Anne Martin" as anne.martin@bank.example, with PASSWORD unless told otherwise."""
    with site_of(app).database.transaction() as session:
        email = f"{name.lower().replace(' ', '.').encode('ascii', 'ignore').decode()}@bank.example"
        person = people.add(session, None, email=more.pop("email", email), name=name, **more)
        if password:
            person.password_hash = _kept_password()
        return person


def make_space(app: Flask, slug: str = "kyc", **more) -> Space:
    """Add a space, internal and with one required approval unless told otherwise."""
    with site_of(app).database.transaction() as session:
        return spaces.add(session, None, slug=slug, name=more.pop("name", slug.title()), **more)


def grant(app: Flask, slug: str, person: Person, *roles: str) -> None:
    """Give somebody roles in a space."""
    with site_of(app).database.transaction() as session:
        space = session.scalar(select(Space).where(Space.slug == slug))
        for role in roles:
            grants.grant(session, None, space, session.get(Person, person.id), role)


def sign_in(client: FlaskClient, person: Person) -> FlaskClient:
    """Sign a client in as somebody, as a one-time link would, and return it."""
    with site_of(client.application).database.transaction() as session:
        secret = sign_ins.start(session, person.id)
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = secret
    return client


def caller(app: Flask, person: Person | None) -> Caller:
    """Return a client of the JSON API that acts as somebody."""
    with site_of(app).database.transaction() as session:
        secret = tokens.add(session, None, session.get(Person, person.id), name="test") if person else ""
    return Caller(app.test_client(), secret)


def token_of(page) -> str:
    """Return the token that the forms of a page carry."""
    return page.text.split('name="csrf_token" value="')[1].split('"')[0]


def post(client: FlaskClient, path: str, data: dict | None = None, **more):
    """Send a form as a browser would: with the token that the session's pages carry."""
    token = token_of(client.get("/nothing-here"))
    return client.post(path, data={"csrf_token": token} | (data or {}), **more)
