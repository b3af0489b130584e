"""Front matter and merges: pure functions over texts."""

import pytest
from hypothesis import strategies as st

from tests.pace import ends
from wiki import frontmatter
from wiki.merging import merge

TEXTS = st.text(alphabet="ab .\n#|é", max_size=80)


PARAGRAPHS = ["One.", "Two.", "Three.", "Four.", "Five."]


def text_of(paragraphs):
    return "\n\n".join(paragraphs) + "\n"


@pytest.mark.parametrize("ours", range(5))
@pytest.mark.parametrize("theirs", range(5))
def test_paragraphs_that_do_not_touch_are_merged_and_others_are_not(ours, theirs):
    mine, other = list(PARAGRAPHS), list(PARAGRAPHS)
    mine[ours], other[theirs] = "Mine.", "Theirs."

    merged = merge(text_of(PARAGRAPHS), text_of(mine), text_of(other))

    if ours == theirs:
        assert merged is None
    elif merged is None:
        assert abs(ours - theirs) == 1      # neighbours may be left to a person, never mixed
    else:
        assert "Mine." in merged and "Theirs." in merged


def test_the_same_change_on_both_sides_is_taken_once():
    assert merge("a\n\nb\n", "a\n\nc\n", "a\n\nc\n") == "a\n\nc\n"


@pytest.mark.parametrize("key", ["status", "version", "code", "space", "approved_by", "Approval", "in_force_from", "visibility"])
def test_front_matter_that_claims_authority_is_refused(key):
    assert frontmatter.refusals(f"---\ntitle: T\n{key}: x\n---\nText")
    assert not frontmatter.refusals("---\ntitle: T\nowner: A\nregulations: [a, b]\nreview_every: 12 months\n---\nText")


@pytest.mark.parametrize(
    "head",
    [
        "a: &a [x]\nb: [*a, *a]", "!!python/object/apply:os.system ['true']", "title: a\ntitle: b", "- a list", "a: [", "x: 2026-02-30",
        "? [a, b]\n: c", "a: !!binary x",
    ],
)
def test_front_matter_that_cannot_be_trusted_never_raises(head):
    found = frontmatter.split(f"---\n{head}\n---\nText\n")

    assert found.body == "Text\n"


@pytest.mark.parametrize("title", ["\\ud83d", "\\0", "a\\uDE00b", "\\x00"])
def test_front_matter_that_escapes_what_cannot_be_kept_is_refused(title):
    text = f'---\ntitle: "{title}"\n---\n# Heading\n'

    assert frontmatter.refusals(text) and frontmatter.title_of(text, "a.md") == "Heading"
    assert frontmatter.title_of('---\ntitle: "\\ud83d\\ude00"\n---\n', "a.md") == "\U0001f600"


def test_a_bomb_of_aliases_is_not_opened():
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x]"] + [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]

    assert frontmatter.split("---\n" + "\n".join(lines) + "\n---\nText").facts == {}


@pytest.mark.parametrize("nested", ["title: " + "[" * 5000, "title:\n  " + "- " * 7000, "title: " + "{a: " * 3000])
def test_things_in_things_in_things_are_not_followed(nested):
    with ends():
        assert frontmatter.split(f"---\n{nested}\n---\nText").problems == ("The front matter cannot be read.",)
    assert frontmatter.split("---\nregulations: [[a], [b]]\n---\nText").facts == {"regulations": [["a"], ["b"]]}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: From the head\n---\n# Heading\n", "From the head"),
        ("# Heading\n\nText", "Heading"),
        ("\ufeff---\ntitle: With a mark\n---\n", "With a mark"),
        ("Only text", "file-name"),
        ("---\ntitle: [a]\n---\nText", "file-name"),
    ],
)
def test_the_title_falls_back_to_the_heading_and_then_to_the_file(text, title):
    assert frontmatter.title_of(text, "folder/file-name.md") == title
