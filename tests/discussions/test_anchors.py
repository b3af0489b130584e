"""Where quoted words stand in a later text: exact, moved, altered or gone, and never silently on look-alikes."""

import pytest

from discussions import anchors
from discussions.anchors import find, place
from tests.pace import ends

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


def test_a_new_copy_in_the_same_frame_is_not_silently_taken_for_the_old_one_that_goes_on():
    frame = "\nGuide\nTo do: write the parts of the guide"
    before = "Keys\nThe key is kept in the safe." + frame + "\nPapers\nPapers are read twice, then kept whole and handed on to whoever asks for them." + frame
    after = before + "\nStamps\nStamps are plain and easy to read, and nobody has to explain them to those who use them." + frame
    quote = "the parts of the guide"
    at = before.rindex(quote)
    placed = place(before, quote, before[max(0, at - 200) : at])

    found = find(after, quote, placed.prefix, placed.suffix, placed.copies)

    assert (found.state, found.start) == ("moved", at)
    assert find(before, quote, placed.prefix, placed.suffix, placed.copies).state == "exact"


def test_a_copy_that_fits_one_side_better_than_the_best_leaves_a_doubt():
    ahead, behind = [f"a{n}" for n in range(60)], [f"b{n}" for n in range(60)]
    quote, far = "call the desk", " ".join(f"w{n}" for n in range(200))
    put = lambda one, other: f"{' '.join(one)} {quote} {' '.join(other)}"      # noqa: E731
    changed = lambda words, many, at: words[:at] + ["x"] * many + words[at + many :]      # noqa: E731
    before = f"{far} {put(ahead, behind)} {far}"
    at = before.index(quote)
    placed = place(before, quote, before[at - 200 : at], before[at + len(quote) : at + len(quote) + 200])
    best, rival = put(changed(ahead, 30, 0), behind), put(ahead, changed(behind, 50, 10))

    found = lambda text: find(text, quote, placed.prefix, placed.suffix, placed.copies).state      # noqa: E731
    assert found(f"{far} {best} {far}") == "exact" and found(f"{far} {best} {far} {put(['y'] * 60, ['z'] * 60)} {far}") == "exact"
    assert found(f"{far} {best} {far} {rival} {far}") == "moved"


def test_a_twin_with_the_same_words_before_it_and_others_after_it_is_not_silently_taken_for_what_is_gone():
    ahead, filler = " ".join(f"a{n}" for n in range(60)), " ".join(f"w{n}" for n in range(200))
    behind, other = (" ".join(f"{word}{n}" if n % 8 > 1 else f"b{n}" for n in range(60)) for word in "cd")
    quote = "call the desk"
    gone, twin = f"{ahead} {quote} {behind}", f"{ahead} {quote} {other}"
    before, after = f"{filler} {gone} {filler} {twin}", f"{filler} {filler} {twin}"
    at = before.index(quote)
    placed = place(before, quote, before[at - 200 : at], before[at + len(quote) : at + len(quote) + 200])

    assert find(before, quote, placed.prefix, placed.suffix, placed.copies).state == "exact"
    assert find(after, quote, placed.prefix, placed.suffix, placed.copies).state == "moved"


def test_a_twin_that_is_like_it_on_both_sides_and_the_same_on_neither_is_not_taken_for_what_is_gone():
    filler, quote = " ".join(f"w{n}" for n in range(200)), "call the desk"
    side = lambda word, other, every: " ".join(f"{word if n % 10 < every else other}{n}" for n in range(60))      # noqa: E731
    gone, twin = f"{side('a', 'a', 0)} {quote} {side('b', 'b', 0)}", f"{side('a', 'x', 5)} {quote} {side('b', 'y', 6)}"
    before, after = f"{filler} {gone} {filler} {twin}", f"{filler} {filler} {twin}"
    at = before.index(quote)
    placed = place(before, quote, before[at - 200 : at], before[at + len(quote) : at + len(quote) + 200])

    assert find(before, quote, placed.prefix, placed.suffix, placed.copies).state == "exact"
    assert find(after, quote, placed.prefix, placed.suffix, placed.copies).state == "moved"


def test_where_copies_could_not_be_told_apart_when_quoted_none_is_exact_later():
    around = " ".join(f"w{n}" for n in range(200))
    before = f"{around} call the desk {around} and {around} call the desk {around}"
    at = before.index("call")
    placed = place(before, "call the desk", before[at - 200 : at], before[at + 13 : at + 213])
    after = f"{around} call the desk {around}"

    assert placed.position is None and placed.copies == 2
    assert find(after, "call the desk", placed.prefix, placed.suffix, placed.copies, told_apart=False).state == "moved"
    assert find(after, "call the desk", placed.prefix, placed.suffix).state == "exact"


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
def test_five_thousand_characters_do_not_run_away_whatever_is_quoted(quote):
    text = (RULE * 8)[:5000]
    placed = place(RULE, QUOTE)

    with ends():
        for _ in range(5):
            find(text, quote, placed.prefix, placed.suffix)


@pytest.mark.parametrize(
    "before, after, quote",
    [
        ("We keep at most 5 files here.", "We keep at most 50 files here.", "at most 5"),
        ("It takes at most 5 days.", "It takes at most 5.5 days.", "at most 5"),
        ("Within one month of it.", "Within one months of it.", "one month"),
        ("Ask for an able adviser.", "Ask for an unable adviser.", "able adviser"),
    ],
)
def test_words_inside_longer_ones_are_not_the_same_words(before, after, quote):
    placed = anchors.place(before, quote)

    assert anchors.find(before, quote, placed.prefix, placed.suffix, placed.copies).state == "exact"
    assert anchors.find(after, quote, placed.prefix, placed.suffix, placed.copies).state in ("altered", "gone")


@pytest.mark.parametrize("after", ["We keep a file, always.", "We keep a file. Always."])
def test_a_part_of_a_word_and_new_punctuation_are_still_found(after):
    for quote in ("keep a fi", "keep a file"):
        placed = anchors.place("We keep a file always.", quote)
        assert anchors.find(after, quote, placed.prefix, placed.suffix, placed.copies).state in ("exact", "moved")


def test_where_the_file_breaks_its_lines_moves_no_words():
    from discussions.placing import plain_text

    lines = "# Courses\n\n{0}\n\nOther words between.\n\nMore of them.\n\n{1}\n"
    one, two = "Cascading goals: learn to align with the house.", "Cascading goals: learn to align with the branch."
    old = plain_text(lines.format(one, two))
    new = plain_text(lines.format(one.replace(" to ", "\nto "), two))
    placed = anchors.place(old, "learn to align with", one[:17], " the house.")

    found = anchors.find(new, "learn to align with", placed.prefix, placed.suffix, placed.copies)
    assert (found.state, new[found.end : found.end + 11]) == ("exact", " the house.")
