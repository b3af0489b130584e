"""A document set as PDF: what Markdown holds comes out in words, on paper, the same every time."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import TooBig, Unavailable
from paper import press
from paper.pdf import pdf
from paper.sheets import as_values, from_values
from tests.paper.library import a_document, a_sheet, pages, read, words
from tests.surface.data import beside


def set_(text: str, **more) -> bytes:
    return pdf(a_document(a_sheet(text, **more)))


def test_every_page_has_its_furniture():
    found = pages(set_("\n\n".join(f"Paragraph {n} " + "words " * 60 for n in range(60)), across="Superseded on 1 March 2026, do not use"))

    assert len(found) > 3
    for number, text in enumerate(found, 1):
        for expected in (
            "KYC-001, version 4", "Printed on 1 March 2026", "Approved by Boris", "Check before use: https://bank.example",
            "Opening an account", "Superseded on 1 March 2026, do not use", f"Page {number} of {len(found)}",
        ):
            assert expected in text, (number, expected)


def test_a_document_says_what_it_is():
    found = read(set_("Words."))

    assert found.metadata.title == "The title"
    assert found.metadata.author == "The Bank"
    assert found.metadata.subject == "The subject"
    assert found.trailer["/Root"]["/Lang"] == "fr"
    assert found.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]


def test_the_same_document_has_the_same_bytes_whenever_it_is_made():
    text = "# One\n\n« L’œuvre » ✓ αβγ\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    first = set_(text)
    time.sleep(1.1)

    assert set_(text) == first
    assert set_(text + "x") != first


def test_letters_signs_and_french_spaces_are_words_one_can_select():
    found = words(set_("« L’œuvre »\u202f: 5\u00a0€ ≥ 4\u00a0€ – vraiment… ✓ fait → suite, αβγ, Ж, à la Cour de cassation\u202f!"))

    for expected in ("L’œuvre", "5 € ≥ 4 €", "– vraiment…", "✓ fait", "→ suite", "αβγ", "Ж", "cassation !"):
        assert expected in found
    assert "boxes" not in found


def test_what_no_face_has_is_a_box_and_the_copy_says_so():
    found = words(set_("日本 and 😀."))

    assert "□□ and □." in found and "Some stand as boxes." in found


@pytest.mark.parametrize(
    "text",
    [
        '<font color="red">x</font>', "<b>x</b>", '<img src="file:///etc/passwd"/>', "&lt;para&gt;", "</para><para>", "<br/>",
        '<a href="javascript:x">', "<bullet>x</bullet>", "<seq id='x'/>", "<ondraw name='x'/>", "<!-- x", "]]>", "<![CDATA[x]]>", "&#60;b&#62;",
    ],
)
def test_marks_of_the_typesetter_in_a_text_are_words(text):
    shown = words(set_(f"Before `{text}` after\n\n- {text}\n\n| {text} |\n|---|\n| {text} |\n", title=text))

    assert shown.replace(" ", "").count(text.replace(" ", "")) >= 3


def test_the_title_and_every_caption_is_words_too():
    sheet = a_sheet("Words.", title="<b>Bold</b> & co", across="<i>x</i>")

    assert "<b>Bold</b> & co" in words(pdf(a_document(sheet)))


def test_lists_tables_code_and_links_come_out():
    found = words(set_(
        "# A title\n\n## First\n\n1. One\n   1. Inner\n      - deep\n2. Two\n\n> Quoted\n\n```\nx  =  1\n```\n\n![A picture](x.png)\n\n"
        "[the form](https://bank.example/form) and https://plain.example and [us](mailto:a@b.example)\n\n"
        "| Who | Does what | By when |\n|---|---|---|\n| Adviser | Sees *it* | Before |\n"
    ))

    for expected in (
        "1 First", "1. One", "1. Inner", "• deep", "2. Two", "Quoted", "x = 1", "[A picture]",
        "the form (https://bank.example/form)", "https://plain.example and us", "Adviser", "Sees it",
    ):
        assert expected in found, (expected, found)
    assert found.count("plain.example") == 1


def test_a_table_that_breaks_repeats_its_head_on_every_page():
    found = pages(set_("| Who | Does what |\n|---|---|\n" + "| Adviser | Sees the original and keeps a copy |\n" * 60))

    assert len(found) >= 3
    assert all("Does what" in page for page in found[:-1])


def test_a_table_that_is_too_wide_for_paper_becomes_entries():
    columns = [f"Head{n}" for n in range(20)]
    found = words(set_(f"|{'|'.join(columns)}|\n|{'-|' * 20}\n|{'|'.join(f'cell{n}' for n in range(20))}|\n"))

    assert "Head0 cell0 Head1 cell1" in found and "Head19 cell19" in found


@pytest.mark.parametrize(
    "text", ["", "x" * 20_000, "    " + "y" * 5000, "|a|b|\n|-|-|\n|x|" + "word " * 3000 + "|", "> " * 45 + "deep", "- " * 45 + "deep", "# " * 3, "***", "[" * 2000],
)
def test_odd_texts_are_set(text):
    assert pages(set_(text))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("ab <>&\"'*_`#|-[]()!\\\n\t:1.~é€\u202f日\u200b\x07")), max_size=300))
def test_any_text_is_set(text):
    assert set_(text).startswith(b"%PDF")


def test_naughty_strings_are_set():
    text = "\n\n".join(path.read_text(errors="replace") for path in sorted(beside("naughty-strings").rglob("*.txt")))

    assert pages(set_(text))


def test_a_manual_has_contents_that_lead_to_the_page_of_each_sheet():
    sheets = [a_sheet("Words.\n\n" * 30 * (n % 3 + 1), code=f"KYC-{n:03}", title=f"Procedure {n}") for n in range(1, 81)]
    book = pdf(a_document(*sheets, contents="Contents"))
    found = pages(book)
    front = " ".join(found[:3])

    assert "The title" in found[0] and "About." in found[0] and "Contents" in found[0]
    for n in (1, 33, 34, 72, 80):
        page = next(number for number, text in enumerate(found, 1) if f"KYC-{n:03}, version 4" in text)
        assert f"KYC-{n:03} Procedure {n} {page}" in front, n
    assert [entry.title for entry in read(book).outline][:2] == ["KYC-001 Procedure 1", "KYC-002 Procedure 2"]


def test_a_document_survives_the_way_to_another_process():
    document = a_document(a_sheet("Words."), contents="Contents")

    assert from_values(as_values(document)) == document


def test_a_long_document_is_set_apart_with_the_same_result():
    document = a_document(a_sheet("Some words of a rule.\n\n" * 2000))
    assert document.length > press.SHORT

    assert press.pressed(document) == pdf(document)


def test_only_one_long_document_is_set_at_a_time():
    document = a_document(a_sheet("Some words of a rule.\n\n" * 2000))
    with press._long, pytest.raises(Unavailable):
        press.pressed(document)

    assert press.pressed(document).startswith(b"%PDF")


def test_a_document_that_takes_too_long_is_stopped_and_says_what_to_do():
    with pytest.raises(TooBig, match="print view"):
        press.pressed(a_document(a_sheet("Some words of a rule.\n\n" * 20_000)), patience_s=0.3)


def test_a_document_that_is_too_long_says_what_to_do():
    with pytest.raises(TooBig, match="print view"):
        press.pressed(a_document(a_sheet("x" * (press.LONGEST + 1))))
