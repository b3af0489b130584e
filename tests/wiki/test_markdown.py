"""Markdown to HTML: whatever is typed or imported, nothing live comes out."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.pace import ends
from wiki.markdown import MOST_LINKS, plain, render, render_post

SPEC = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "commonmark" / "spec.json"

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form><button formaction=javascript:alert(1)>x</button></form>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example>",
    "<style>*{display:none}</style>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&#x3A;alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](file:///etc/passwd)",
    "[x]\n\n[x]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '[x](https://a.example "onmouseover=alert(1) x=")',
    '```"><script>alert(1)</script>\nx\n```',
    "# constructor\n# body\n# __proto__",
    '## "><img src=x onerror=alert(1)>',
    "| <script> | b |\n|---|---|\n| [x](javascript:x) | d |",
]


class Live(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "iframe", "form", "button", "meta", "base", "style", "svg", "object", "embed", "link", "input"):
            self.found.append(tag)
        for name, value in attrs:
            scheme = re.sub(r"[\s\x00-\x1f]", "", value or "").lower()
            if name.startswith("on") or (name in ("href", "src") and re.match(r"(javascript|vbscript|data:text|file)", scheme)):
                self.found.append((tag, name, value))
            if name == "id" and not value.startswith("s-"):
                self.found.append((tag, "id", value))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("made", [lambda text: render(text, path="a.md", slug="kyc").html, render_post], ids=["rule", "post"])
def test_nothing_live_comes_out(text, made):
    live = Live()
    live.feed(made(text))
    assert live.found == []


def test_plain_markup_comes_out():
    html = render("# Title\n\n**Strong**, [a link](https://a.example) and a table:\n\n| Who | What |\n|---|---|\n| Adviser | acts |\n").html
    assert "<strong>Strong</strong>" in html and 'href="https://a.example"' in html
    assert '<th scope="col">Who</th>' in html and '<th scope="row">Adviser</th>' in html


def test_the_title_is_left_to_the_page_and_sections_are_numbered():
    html = render("---\ntitle: Opening\n---\n# Opening\n\n## Principle\n\n## Who\n").html
    assert "Opening" not in html and 'data-n="1"' in html and 'data-n="2"' in html


def test_relative_links_lead_into_the_collection_and_never_out_of_it():
    html = render("[up](../b.md) [out](../../../etc/passwd) [here](#part)", path="x/y/a.md", slug="kyc").html
    assert 'href="/spaces/kyc/file/x/b.md"' in html and "etc/passwd" not in html and 'href="#s-part"' in html


def test_plain_words_hold_no_markup():
    words = plain("---\ntitle: T\n---\n# Head\n\n**Bold** <b>raw</b> [link](https://x.example)\n\n| A | B |\n|---|---|\n| c | d |\n")
    assert "Bold" in words and "link" in words and "**" not in words and "https" not in words and "title" not in words


@pytest.mark.skipif(not SPEC.exists(), reason="the CommonMark examples are not beside the project")
def test_every_commonmark_example_renders():
    for example in json.loads(SPEC.read_text()):
        for made in (lambda text: render(text).html, render_post):
            live = Live()
            live.feed(made(example["markdown"]))
            assert live.found == [], example["example"]


@pytest.mark.parametrize(
    "text", ["[" * 20000, "*a" * 20000, "> " * 5000 + "x", "- " * 2000, "`" * 30000, "![" * 10000, "|a" * 5000 + "\n" + "|-" * 5000, "http://a" * 3000],
    ids=["brackets", "stars", "quotes", "lists", "ticks", "images", "table", "addresses"],
)
def test_patterns_made_to_be_slow_are_not(text):
    with ends():
        render(text)


def test_a_text_with_more_links_than_anybody_reads_shows_them_as_they_are_written():
    many = "[here](https://law.example) " * (MOST_LINKS + 1)
    assert "<a " not in render(many).html and "[here](https://law.example)" in render(many).html and "[here]" in plain(many)
    assert "<a " in render(many[:2800]).html
    with ends():
        render("[" * 1_000_000)
