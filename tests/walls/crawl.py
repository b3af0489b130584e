"""Every address of the site with every value it could take, and what a person is answered there."""

import io
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import quote

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from accounts.models import Invitation, Person, Space
from core import clock
from discussions.care import Report
from discussions.models import Post, Thread
from regulations.models import Clause, Regulation
from search.missed import Missed
from tests.paper.library import words
from tests.site import caller, sign_in, site_of
from wiki.models import Change, ChangeText, Duty, Procedure, Version

MISSING = {
    "slug": "nowhere", "code": "NONE-001", "id": "0" * 32, "number": "7", "pair": "1...7", "day": "2001-01-01", "path": "none.png",
    "token": "none", "role": "nobody-at-all", "name": "none.txt", "position": "7",
}
_CHANGING = re.compile(r'(name="csrf_token" value=")[^"]+|(nonce-?[="]+)[^"\']+')


class Visitor:
    """Somebody who asks for pages with a browser, and for the API with a token."""

    def __init__(self, app: Flask, person: Person | None):
        self.browser: FlaskClient = app.test_client()
        self.token = caller(app, person).token if person else ""
        if person:
            sign_in(self.browser, person)
        self._csrf = self.browser.get("/nothing-here").text.split('name="csrf_token" value="')[1].split('"')[0]

    def get(self, path: str) -> tuple[int, str]:
        """Return the status and everything that is answered, headers included."""
        return self._read(self.browser.get(path, headers=self._headers(path)))

    def send(self, method: str, path: str, fields: dict) -> tuple[int, str]:
        """Send a form, or JSON to the API, and return what is answered."""
        if path.startswith("/api/"):
            answer = self.browser.open(path, method=method, json=fields, headers=self._headers(path))
        else:
            answer = self.browser.open(path, method=method, data={"csrf_token": self._csrf} | fields)
        return self._read(answer)

    def _headers(self, path: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token and path.startswith("/api/") else {}

    @staticmethod
    def _read(answer) -> tuple[int, str]:
        read = {"application/pdf": words, "application/zip": _unpacked}.get(answer.mimetype)
        told = read(answer.data) if read else answer.get_data(as_text=True)
        text = told + answer.headers.get("Location", "")
        return answer.status_code, _CHANGING.sub(r"\1\2", text)


def _unpacked(archive: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return "\n".join(f"{name}\n{file.read(name).decode('utf-8', 'replace')}" for name in file.namelist())


def values(app: Flask) -> dict[str, list[str]]:
    """Return what each part of an address could be."""
    with site_of(app).database.reading() as session:
        ids = [id for model in (Change, Thread, Post, Person, Regulation, Clause, Invitation, Report, Missed) for id in session.scalars(select(model.id))]
        return {
            "slug": list(session.scalars(select(Space.slug))),
            "code": sorted({*session.scalars(select(Procedure.code)), *session.scalars(select(ChangeText.code))}),
            "id": ids,
            "number": ["1", "2", "3"],
            "pair": ["1...2", "2...3"],
            "day": [str(clock.today(site_of(app).library.zone))],
            "path": ["logo.png"],
            "name": sorted({one["name"] for model in (Version, ChangeText) for held in session.scalars(select(model.attachments)) for one in held}),
            "position": ["1"],
            "token": ["guessed"],
            "role": list(session.scalars(select(Duty.slug).distinct())),
        }


def rules(app: Flask, method: str) -> list[Rule]:
    """Return the rules of a method, files apart."""
    return [rule for rule in app.url_map.iter_rules() if method in rule.methods and rule.endpoint != "static"]


def addresses(rule: Rule, known: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Yield each address of a rule, and the same one where nothing stands."""
    names = sorted(rule.arguments, key=lambda name: name in ("slug", "code", "id"), reverse=True)
    if not names:
        yield rule.rule, rule.rule
        return
    first, rest = names[0], {name: known[name] for name in names[1:]}
    choices = [{}]
    for name, found in rest.items():
        choices = [{**one, name: value} for one in choices for value in found]
    for value in known[first]:
        for one in choices:
            yield _address(rule, {first: value, **one}), _address(rule, {first: MISSING[first], **one})


def _address(rule: Rule, given: dict[str, str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: quote(given[match[1]], safe="/."), rule.rule)
