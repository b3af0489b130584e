"""The few words that show why a text was found: the window with the most different words, whole words marked, nothing else."""

import re
from pathlib import Path

import pytest

from search.snippets import Wanted, snippet
from search.words import LANGUAGES, terms, words

ROOT = Path(__file__).resolve().parents[2]

FILLER = "Nothing of note stands in this part. " * 12


def shown(text, asked, language="en"):
    wanted = {(language, term) for word in words(asked) for term in terms(word.lower, word.folded, language)}
    return snippet(text, Wanted(wanted, language))


def marked(html):
    return re.findall(r"<mark>(.*?)</mark>", html)


def test_the_window_is_where_most_different_words_stand_together():
    text = f"Capital. {FILLER} Capital, capital and capital again. {FILLER} The capital ratio is reported. {FILLER}"

    html = shown(text, "report capital ratio")

    assert marked(html) == ["capital", "ratio", "reported"]
    assert html.startswith("… ") and html.endswith(" …")


def test_of_windows_that_hold_as_much_the_first_is_shown():
    html = shown(f"A first ratio. {FILLER} A second ratio.", "ratio")

    assert html.startswith("A first <mark>ratio</mark>.") and "second" not in html


def test_words_farther_apart_than_a_window_do_not_count_together():
    text = f"Capital alone. {FILLER} Ratio alone. {FILLER} A ratio and its capital."

    assert marked(shown(text, "capital ratio")) == ["ratio", "capital"]


@pytest.mark.parametrize(
    ("text", "asked", "found"),
    [
        ("Une évaluation annuelle", "evaluations", ["évaluation"]),
        ("EVALUATION annuelle", "évaluations", ["EVALUATION"]),
        ("l’évaluation d'un client", "évaluation client", ["évaluation", "client"]),
        ("le nœud du réseau, un œuf", "noeud oeufs", ["nœud", "œuf"]),
        ("Æther et Straße", "aether strasse", ["Æther", "Straße"]),
        ("ﬁnance", "finance", ["ﬁnance"]),
        ("Ålesund", "alesund", ["Ålesund"]),
        ("Тест ёлка", "ёлка", ["ёлка"]),
        ("année 2024", "2024", ["2024"]),
    ],
)
def test_accents_ligatures_and_endings_are_forgiven(text, asked, found):
    assert marked(shown(text, asked, "fr")) == found


@pytest.mark.parametrize(("text", "asked"), [("dying", "die"), ("She skis", "ski"), ("skies", "sky"), ("x", "X"), ("£5", "5"), ("a b2b deal", "b2b")])
def test_stems_that_are_spelt_otherwise_are_marked(text, asked):
    assert len(marked(shown(text, asked))) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_real_vocabulary_is_marked_by_itself(language):
    """No word is lost because its stem begins otherwise than the word: the pattern that spares most words forgives all there are."""
    source = "".join(path.read_text() for path in sorted((ROOT / "procedures").rglob("*.md"))) + (ROOT / "README.md").read_text()
    for written in sorted({word.lower for word in words(source)}):
        said = next(words(written), None)
        if said and terms(said.lower, said.folded, language):
            assert marked(shown(written, written, language)), written


def test_only_whole_words_are_marked():
    text = "A loan is no loaner, reloan_loan nor subloan; loans and LOAN are."

    assert marked(shown(text, "loan")) == ["loan", "loan", "loans", "LOAN"]


def test_without_any_of_the_words_the_beginning_is_shown():
    html = shown(FILLER, "kangaroo")

    assert not marked(html) and html.startswith("Nothing of note") and html.endswith(" …")


def test_a_text_is_shown_and_never_obeyed():
    html = shown("<script>alert('loan')</script> & a loan", "loan")

    assert html == "&lt;script&gt;alert(&#x27;<mark>loan</mark>&#x27;)&lt;/script&gt; &amp; a <mark>loan</mark>"


def test_a_search_of_words_that_say_nothing_marks_nothing():
    assert shown("What is it that we do with this?", "what is it") == "What is it that we do with this?"
