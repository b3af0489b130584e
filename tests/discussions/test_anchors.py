"""Where quoted words stand in a later text: exact, moved, altered or gone, and never silently on look-alikes."""

from time import perf_counter

import pytest

from discussions.anchors import find, place

RULE = """Principle
No account is opened, and no money is taken, before we know who the customer is and where the money comes from.
Who does what
Adviser
Sees the original of a valid identity document and keeps a copy.
Before any signature
Adviser
Obtains one proof of address dated within three months.
Before any signature
Back office
Screens the name against the sanctions list.
The same day
When we refuse
The adviser tells the customer that the account cannot be opened, and gives no reason.
"""
QUOTE = "one proof of address dated within three months"
ROW = "Adviser\nObtains one proof of address dated within three months.\nBefore any signature\n"


def later(text: str, quote: str = QUOTE, prefix: str = "", suffix: str = ""):
    """Return where a quote of RULE stands in a later text, and the words there."""
    placed = place(RULE, quote, prefix, suffix)
    anchor = find(text, quote, placed.prefix, placed.suffix, placed.copies)
    return anchor.state, text[anchor.start : anchor.end]


def test_no_quote_has_no_anchor_and_nothing_in_force_holds_no_words():
    assert find(RULE, "  ").state == "none"
    assert find(None, QUOTE).state == "gone"


@pytest.mark.parametrize(
    ("text", "state", "words"),
    [
        (RULE, "exact", QUOTE),
        ("A new section\nWith words.\n" + RULE, "exact", QUOTE),
        (RULE + "A last line.\n", "exact", QUOTE),
        (RULE.replace("Screens the name against", "Looks for the name on"), "exact", QUOTE),
        (RULE.replace("Obtains", "Asks for"), "exact", QUOTE),
        (RULE.replace(ROW, "") + "Young customers\n" + ROW, "moved", QUOTE),
        (RULE.replace("three months", "six months"), "altered", "one proof of address dated within six months"),
        (
            RULE.replace("one proof of address dated", "two proofs of address, each dated"),
            "altered", "two proofs of address, each dated within three months",
        ),
        (RULE.replace(ROW, ""), "gone", ""),
        ("Another text altogether.\n", "gone", ""),
        ("", "gone", ""),
    ],
    ids=["same", "before", "after", "next row", "same row", "moved", "one word", "some words", "deleted", "other text", "empty"],
)
def test_a_passage_in_a_later_version(text, state, words):
    assert later(text) == (state, words)


def test_words_that_stand_twice_need_their_surroundings():
    assert place(RULE, "Before any signature").position is None
    assert later(RULE, "Before any signature")[0] == "moved"

    assert later(RULE, "Before any signature", prefix="within three months.\n") == ("exact", "Before any signature")


def test_the_twin_of_a_deleted_passage_is_not_taken_for_it():
    assert later(RULE.replace(ROW, ""), "Before any signature", prefix="within three months.\n")[0] == "moved"


def test_a_look_alike_that_was_there_all_along_is_not_taken_for_a_deleted_passage():
    text = RULE + "Keep one proof of income for the tax file.\n"

    assert later(text.replace(ROW, ""))[0] == "gone"


def test_words_replaced_between_surroundings_that_stand_are_altered():
    assert later(RULE.replace("gives no reason", "explains why"), "gives no reason") == ("altered", "explains why")
    assert later(RULE.replace(", and gives no reason", ""), "gives no reason")[0] == "gone"


def test_white_space_is_not_part_of_the_words():
    assert find("one  proof\nof address", "one proof of\taddress").state == "exact"


def test_accents_written_in_two_ways_are_the_same_words():
    assert find("une pie\u0301ce d’identite\u0301", "pi\u00e8ce d’identit\u00e9".replace("\u00e8", "\u00e9")).state == "exact"


def test_case_and_punctuation_count_as_other_words():
    assert later(RULE.replace(QUOTE, QUOTE.capitalize()))[0] == "altered"


@pytest.mark.parametrize(
    "quote", [QUOTE, QUOTE.replace("three", "ninety"), "the", RULE[:1900], "x" * 2000, "- " * 1000, "(" * 2000]
)
def test_it_is_fast_on_five_thousand_characters_whatever_is_quoted(quote):
    text = (RULE * 8)[:5000]
    placed = place(RULE, QUOTE)
    find(text, quote, placed.prefix, placed.suffix)

    start = perf_counter()
    for _ in range(5):
        find(text, quote, placed.prefix, placed.suffix)

    assert (perf_counter() - start) / 5 < 0.025     # 5 ms on an idle core; tests share theirs
