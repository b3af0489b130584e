"""Strings that break programs, as titles, bodies and quotes: none gives a 500, none is more than words."""

import json
import re
from pathlib import Path

import pytest

STRINGS = Path(__file__).resolve().parents[3] / "shared/data/naughty-strings/blns.json"
DANGEROUS = re.compile(r"<(?:script|img|iframe|svg onload|object|embed|style|meta|base)|<[^<>]+\s(?:on\w+|style)=|(?:href|src)=[\"']\s*(?:javascript|data|vbscript):(?![^<>]*&gt;)", re.I)


def test_naughty_strings_are_words_or_are_refused(office):
    if not STRINGS.exists():
        pytest.skip("the list of naughty strings is not on this machine")
    there = office.caller("asker")
    office.app.extensions["writes"].hit = lambda *given: True

    taken = 0
    for words in json.loads(STRINGS.read_text()):
        body = {"kind": "question", "title": words[:200], "body": words, "quote": words[:2000], "prefix": words[:200], "suffix": words[:200]}
        answer = there.post("/procedures/KYC-001/threads", body)
        assert answer.status_code in (201, 422), words
        if answer.status_code == 422:
            assert answer.json["field"] in ("title", "body", "quote", "prefix", "suffix"), words
        else:
            taken += 1
            assert not DANGEROUS.search(answer.json["posts"][0]["html"]), words

    assert taken > 400
    client = office.client("asker")
    for place in ("/procedures/KYC-001", "/procedures/KYC-001/threads", "/spaces/kyc/threads"):
        for page in range(1, 30 if place.endswith("threads") else 2):
            shown = client.get(f"{place}?page={page}")
            assert shown.status_code == 200
            assert not DANGEROUS.search(shown.text.split("<main")[1].split("</main>")[0])
