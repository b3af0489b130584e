"""Section 6: `markdown` is the whole file, byte for byte; the title falls back; front matter has no authority."""

import subprocess

import pytest

from tests.site import site_of

KEPT = {
    "crlf": "# A\r\n\r\nTwo lines.\r\n", "mark": "\ufeff# A\n\nx\n", "blanks": "# A   \n\nx  \ny\t \n\n\n", "no end": "# A\n\nno line end",
    "decomposed": "# Cafe\u0301\n", "mixed": "# A\r\nb\rc\n", "controls": "# A\n\x01\x1b[31m\x7f\u202e\n", "astral": "# \U0001f600 \U00010348\n",
    "non characters": "# A \ufffe\uffff\n", "front matter": "---\ntitle: \"Named\"   \n---\r\n# A\n", "leading": "\n\n   \n# A\n",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_a_text_comes_back_byte_for_byte(bank, text):
    change = bank.draft({"markdown": text}, space="wiki")
    assert change["texts"][0]["markdown"] == text
    done = bank.submit(change)

    code = done["texts"][0]["code"]
    found = bank.read(f"/procedures/{code}")
    repository = site_of(bank.app).library.repository("wiki").path
    stored = subprocess.run(["git", "-C", str(repository), "show", f"{found['commit']}:{code.lower()}.md"], capture_output=True, check=True)
    assert found["markdown"] == text and stored.stdout == text.encode()
    assert bank.read(f"/procedures/{code}?version=1")["markdown"] == text


@pytest.mark.parametrize("text", ["a\x00b", "", " \n\t", "x" * (1024 * 1024 + 1)])
def test_a_text_that_cannot_be_kept_is_refused(bank, text):
    refused = bank.draft({"markdown": text}, status=422)

    assert refused["field"].endswith("markdown") and refused["detail"]


@pytest.mark.parametrize(("text", "title"), [("---\ntitle: From the head\n---\n# Heading\n", "From the head"), ("words\n\n## Second *level*\n", "Second *level*"), ("only words\n", "wiki-001")])
def test_the_title_falls_back_to_the_heading_then_to_the_file(bank, text, title):
    bank.publish({"markdown": text}, space="wiki")

    assert bank.read("/procedures/WIKI-001")["title"] == title


@pytest.mark.parametrize("key", ["status", "state", "version", "code", "space", "approved_by", "approvals", "Approval", "in_force_from", "Version"])
def test_front_matter_that_claims_authority_is_refused(bank, key):
    refused = bank.draft({"markdown": f"---\ntitle: A\n{key}: x\n---\n# A\n"}, status=422)

    assert refused["field"].endswith("markdown")


def test_front_matter_that_tells_facts_is_taken(bank):
    facts = "---\ntitle: A\nowner: Compliance\napplies_to: [branch]\nregulations: [AML]\nreview_every: 12 months\nlanguage: fr\ntranslation_of: KYC-001\n---\n"

    bank.publish({"markdown": "# The source\n"})
    assert bank.draft({"markdown": facts + "# A\n"})["state"] == "draft"
