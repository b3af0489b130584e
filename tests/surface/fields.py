"""The forms that pages hold, read out of their HTML, so that each can be filled in badly."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote

from flask.testing import FlaskClient

from tests.site import token_of
from tests.walls.crawl import addresses, rules, values

WRITTEN = ("text", "search", "email", "textarea")
_FRENCH = {"Accept-Language": "fr"}


@dataclass
class Form:
    """One form: where it is sent, and its fields by name with their kind and what stands in them."""

    method: str
    action: str
    kinds: dict[str, str] = field(default_factory=dict)
    filled: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Where it is sent, without a query."""
        return self.action.split("?")[0].split("#")[0]

    def written(self) -> list[str]:
        """Return the fields into which people write words."""
        return [name for name, kind in self.kinds.items() if kind in WRITTEN]


class _Reader(HTMLParser):
    def __init__(self, address: str):
        super().__init__(convert_charrefs=True)
        self.address, self.forms, self._area = address, [], None
        self._inside = False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self._inside = True
            self.forms.append(Form(attrs.get("method", "get").upper(), attrs.get("action") or self.address))
        elif self._inside and attrs.get("formaction", "#")[0] != "#":      # a button that sends the form elsewhere is a form of its own
            self.forms.insert(-1, Form("POST", attrs["formaction"], {attrs["name"]: tag}, {attrs["name"]: attrs.get("value") or ""}))
        elif self._inside and attrs.get("name") and tag in ("input", "textarea", "select", "button"):
            form, name = self.forms[-1], attrs["name"]
            form.kinds.setdefault(name, attrs.get("type", "text") if tag == "input" else tag)
            form.filled.setdefault(name, attrs.get("value") or "")
            self._area = name if tag == "textarea" else None

    def handle_data(self, data):
        if self._area and self._inside:
            self.forms[-1].filled[self._area] += data

    def handle_endtag(self, tag):
        self._area = None if tag == "textarea" else self._area
        self._inside = self._inside and tag != "form"


def forms_of(html: str, address: str) -> list[Form]:
    """Return the forms of a page."""
    reader = _Reader(address)
    reader.feed(html)
    return reader.forms


def every_form(client: FlaskClient, seen: set) -> Iterator[Form]:
    """Yield each kind of form that somebody meets on the pages of a site and that is not among those seen."""
    known = values(client.application)
    places = [address for rule in rules(client.application, "GET") if not rule.rule.startswith("/api/") for address, _ in addresses(rule, known)]
    for address in [*places, "/search?q=nothing", "/procedures/KYC-001/edit?thread=none"]:
        answer = client.get(address)
        for form in forms_of(answer.text, address) if answer.status_code == 200 and answer.mimetype == "text/html" else ():
            kind = (form.method, _shape(form.path), tuple(sorted(form.kinds)))
            if kind not in seen:
                seen.add(kind)
                yield form


def send(client: FlaskClient, form: Form, fields: list[tuple[str, str | bytes]]):
    """Send a form as a French browser would, whatever stands in its fields."""
    body = "&".join(f"{quote(name)}={quote(value)}" for name, value in fields if name != "csrf_token")
    if form.method == "GET":
        return client.get(f"{form.path}?{body}", headers=_FRENCH)
    body += f"&csrf_token={quote(token_of(client.get('/nothing-here')))}"
    return client.post(form.action, data=body, content_type="application/x-www-form-urlencoded", headers=_FRENCH)


def says_what_is_wrong(page: str) -> bool:
    """Say whether a French page holds a sentence about what is wrong, or is the one that says nothing is there."""
    return '<html lang="fr"' in page and bool(re.search(r'class="(notice )?error"[^>]*>[^<]+\.|<p>[^<]+\.|class="question-line">(Introuvable|Se connecter)', page))


def lost(form: Form, typed: dict[str, str], page: str) -> list[str]:
    """Return the fields whose typed words a page does not hold any more."""
    shown = unescape(page.split("<main", 1)[-1])
    return [name for name in form.written() if typed.get(name) and typed[name] not in shown]


def _shape(path: str) -> str:
    # Ids, codes and numbers apart: one form per place that takes it.
    return "/".join("*" if any(c.isdigit() for c in part) else part for part in path.split("/"))
