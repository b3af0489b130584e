"""The words people talk about, marked in the rendered rule."""

import re
from dataclasses import dataclass
from html import unescape

from discussions.marking import marked


@dataclass(frozen=True)
class Spot:
    start: int
    end: int
    count: int = 1
    anchor_id: str = "g1"


def spot(words: str, quote: str, count: int = 1, anchor_id: str = "g1") -> Spot:
    start = words.index(quote)
    return Spot(start, start + len(quote), count, anchor_id)


def draw(anchor_id: str, threads: int) -> str:
    return f'<a class="count" href="#{anchor_id}">{threads}</a>'


def test_words_lead_to_what_is_said_of_them_and_their_block_carries_the_count():
    page = marked("<p>Obtains one proof of address.</p>", words := "Obtains one proof of address.", [spot(words, "one proof", 5)], draw)

    assert page == (
        '<p class="passage">Obtains <a class="noted" id="at-g1" href="#g1">one proof</a> of address.'
        '<a class="count" href="#g1">5</a></p>'
    )


def test_every_row_of_a_table_gets_a_margin_and_one_of_them_the_count():
    html = "<table><tbody><tr><td>Adviser</td><td>Sees it.</td></tr><tr><td>Back office</td><td>Files it.</td></tr></tbody></table>"
    words = "Adviser\tSees it.\nBack office\tFiles it."

    page = marked(html, words, [spot(words, "Files it")], draw)

    assert page.count('<td class="margin">') == 2
    assert '<td class="margin"><a class="count" href="#g1">1</a></td></tr></tbody>' in page


def test_two_passages_of_one_paragraph_share_one_count():
    words = "One thing and another thing."

    page = marked(f"<p>{words}</p>", words, [spot(words, "One", 2, "g1"), spot(words, "another", 3, "g2")], draw)

    assert page.count('class="count"') == 1 and ">5</a></p>" in page


def test_words_across_strong_text_and_entities_are_marked_and_nothing_is_lost():
    html = "<p>Cash &amp; cheques <strong>above</strong> &lt; 10&nbsp;000.</p>"
    words = "Cash & cheques above < 10\u00a0000."

    page = marked(html, words, [spot(words, "cheques above < 10")], draw)

    assert unescape(re.sub(r"<[^>]*>", "", page)) == words + "1"
    assert page.count('id="at-g1"') == 1


def test_a_link_of_the_rule_stays_its_own():
    html, words = '<p>See <a href="/x">the list</a> first.</p>', "See the list first."

    page = marked(html, words, [spot(words, "the list")], draw)

    assert '<a href="/x">the list</a>' in page and "noted" not in page


def test_of_equal_words_the_ones_at_the_passage_are_marked():
    html, words = "<p>Yes.</p><p>Yes.</p><p>Yes.</p>", "Yes.\nYes.\nYes."

    page = marked(html, words, [Spot(5, 9)], draw)

    assert page.startswith('<p>Yes.</p><p class="passage">') and page.endswith("<p>Yes.</p>")


def test_words_that_the_page_does_not_hold_change_nothing():
    assert marked("<p>Other words.</p>", "These words.", [Spot(0, 5)], draw) == "<p>Other words.</p>"
