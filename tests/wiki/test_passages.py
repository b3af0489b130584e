"""Passages of a text: what was marked on the page is found in the Markdown, or said not to be."""

import pytest

from wiki import passages
from wiki.passages import Span

TEXT = """---
title: Opening an account
owner: Compliance
---

## Principle

No account is opened **before** we know who the customer is, see
[the law](https://example.org/law).

## Who does what

| Who | Does what |
|---|---|
| Adviser | Obtains one proof of address |
| Back office | Screens the name the same day |

- the identity card;
- one proof of address.

1. First `step`
   goes on here.
"""


def found(quote, text=TEXT, **around):
    span = passages.find(text, quote, **around)
    return passages.source(text, span) if span else None


@pytest.mark.parametrize(
    ("quote", "written"),
    [
        ("before we know who", "No account is opened **before** we know who the customer is, see\n[the law](https://example.org/law)."),
        ("the law", "No account is opened **before** we know who the customer is, see\n[the law](https://example.org/law)."),
        ("Principle", "## Principle"),
        ("Screens the\n name", "| Back office | Screens the name the same day |"),
        ("proof of address\nBack office", "| Adviser | Obtains one proof of address |\n| Back office | Screens the name the same day |"),
        ("the identity card", "- the identity card;"),
        ("step goes on", "1. First `step`\n   goes on here."),
        ("Screens every name the same day", "| Back office | Screens the name the same day |"),
    ],
)
def test_marked_words_lead_to_the_passage_as_it_is_written(quote, written):
    assert found(quote) == written


def test_words_that_stand_twice_in_one_passage_lead_to_it():
    assert found("one", text="# A\n\none and one\n\ntwo\n") == "one and one"


@pytest.mark.parametrize("quote", ["", "Who does what", "…", "one proof of address", "a loan is granted to nobody at all", "Compliance"])
def test_words_that_stand_nowhere_or_in_several_places_are_not_guessed(quote):
    assert found(quote) is None


def test_the_surroundings_tell_several_places_apart():
    assert found("one proof of address", prefix="the identity card;\n") == "- one proof of address."
    assert found("one proof of address", suffix="\nBack office\nScreens") == "| Adviser | Obtains one proof of address |"
    assert found("one proof of address", prefix="nothing", suffix="nothing") is None


def test_other_words_stand_where_the_passage_stood_and_all_else_stays_byte_for_byte():
    span = passages.find(TEXT, "the identity card")

    changed = passages.replaced(TEXT, span, "- the passport;\n- a photograph;\n")

    assert changed == TEXT.replace("- the identity card;", "- the passport;\n- a photograph;")


def test_a_row_without_words_goes_and_leaves_the_table_whole():
    span = passages.find(TEXT, "Screens the name")

    assert passages.replaced(TEXT, span, " \n") == TEXT.replace("| Back office | Screens the name the same day |\n", "")


def test_line_ends_of_the_text_are_kept():
    text = TEXT.replace("\n", "\r\n")

    changed = passages.replaced(text, passages.find(text, "the identity card"), "- one;\n- two;")

    assert changed == text.replace("- the identity card;", "- one;\r\n- two;")


def test_what_was_changed_is_found_again():
    after = TEXT.replace("- the identity card;", "- the passport;")

    assert passages.source(after, passages.touched(TEXT, after)) == "- the passport;"
    assert passages.touched(TEXT, TEXT.replace("owner: Compliance", "owner: Branches")) is None
    assert passages.touched(TEXT, "") is None


def test_a_span_that_the_text_does_not_have_is_nothing():
    assert passages.source(TEXT, Span(0, 99)) is None
    assert passages.source(TEXT, Span(3, 2)) is None


def test_a_long_text_of_one_word_is_looked_through_in_time():
    assert passages.find("the " * 200_000, "the") is None
    assert passages.find("the\n\n" * 50_000, "the") is None
    assert passages.find("one two three\n\n" * 30_000, "three two one " * 100) is None
