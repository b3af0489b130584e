"""Strings that break programs, as titles, bodies and quotes: none gives a 500, none is more than words."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

STRINGS = Path(__file__).resolve().parents[3] / "shared/data/naughty-strings/blns.json"


class Dangers(HTMLParser):
    """What could act in a page: tags and attributes that only words should look like."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "img", "iframe", "object", "embed", "style", "meta", "base", "math", "video"):
            self.found.append(tag)
        for name, value in attrs:
            leads = name in ("href", "src", "action", "formaction")
            if name.startswith("on") or name == "style" or leads and re.match(r"\s*(javascript|data|vbscript)", value or "", re.I):
                self.found.append(f"{tag} {name}={value}")


def test_naughty_strings_are_words_or_are_refused(office):
    if not STRINGS.exists():
        pytest.skip("the list of naughty strings is not on this machine")
    there = office.caller("asker")
    office.app.extensions["writes"].hit = lambda *given: True

    taken = 0
    for words in json.loads(STRINGS.read_text()):
        short = words[:200]
        body = {"kind": "question", "title": short, "body": words, "quote": words[:2000], "prefix": short, "suffix": short}
        answer = there.post("/procedures/KYC-001/threads", body)
        assert answer.status_code in (201, 422), words
        if answer.status_code == 422:
            assert answer.json["field"] in ("title", "body", "quote", "prefix", "suffix"), words
        else:
            taken += 1
            assert Dangers(answer.json["posts"][0]["html"]).found == [], words

    assert taken > 400
    client = office.client("asker")
    for place in ("/procedures/KYC-001", "/procedures/KYC-001/threads", "/spaces/kyc/threads"):
        for page in range(1, 30 if place.endswith("threads") else 2):
            shown = client.get(f"{place}?page={page}")
            assert shown.status_code == 200
            assert Dangers(shown.text.split("<main")[1].split("</main>")[0]).found == []
