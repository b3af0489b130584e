"""The difference loses nothing, tells words apart, and is quick on any two texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pace import ends
from wiki.difference import Piece, difference

_TEXTS = st.text(alphabet="ab \n,é\u00a0#", max_size=60)


@given(old=_TEXTS, new=_TEXTS)
def test_both_texts_can_be_read_back_from_the_pieces(old, new):
    pieces = difference(old, new).pieces
    assert "".join(piece.text for piece in pieces if piece.op != "added") == old
    assert "".join(piece.text for piece in pieces if piece.op != "removed") == new


def test_only_the_word_that_changed_is_shown_as_changed():
    (block,) = difference("The clerk checks the card.\n", "The clerk reads the card.\n").blocks
    assert block.pieces == (
        Piece("same", "The clerk "), Piece("removed", "checks"), Piece("added", "reads"), Piece("same", " the card.\n"),
    )


def test_a_blank_between_two_changed_words_is_part_of_the_change():
    (block,) = difference("Ask the old clerk.\n", "Ask a new clerk.\n").blocks
    assert [piece.text for piece in block.pieces] == ["Ask ", "the old", "a new", " clerk.\n"]


def test_paragraphs_that_stand_are_not_part_of_the_change():
    blocks = difference("# A\n\nOne.\n\nTwo.\n", "# A\n\nOne.\n\nThree.\n").blocks
    assert [block.op for block in blocks] == ["same", "changed"]


@pytest.mark.parametrize(("old", "new"), [("a b " * 20_000, "b a " * 20_000), ("x\n" * 200_000, "y\n" * 200_000)])
def test_texts_made_to_be_slow_are_not(old, new):
    with ends():
        pieces = difference(old, new).pieces
    assert "".join(piece.text for piece in pieces if piece.op != "removed") == new
