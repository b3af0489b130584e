"""What a file is comes from its content: what lies, hides or acts is refused with a sentence that names it."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from core.errors import Invalid
from tests.pace import ends
from tests.wiki.samples import GOOD, docx, gif, jpeg, odt, office, packed, pdf, png, webp
from wiki import filenames
from wiki.filetypes import judged, look, picture_type

STRINGS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "naughty-strings" / "blns.json"


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        judged(name, content)
    assert refused.value.field == "file"
    return str(refused.value)


@pytest.mark.parametrize("name", GOOD)
def test_a_file_whose_name_and_content_agree_is_taken(name):
    assert name.rpartition(".")[2] in judged(name, GOOD[name]).endings
    assert judged(name.upper(), GOOD[name]).is_taken


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("other", ["pdf", "png", "docx", "odt", "txt"])
def test_a_name_that_lies_is_refused_and_both_are_named(name, other):
    kind = judged(name, GOOD[name])
    if other in kind.endings or kind.type.startswith("text/") and other == "txt":
        return
    sentence = refusal(f"lie.{other}", GOOD[name])

    assert "lie." + other in sentence and ("plain text" if kind.type.startswith("text/") else kind.words) in sentence


HOSTILE = {
    "web page": [b"<!DOCTYPE html><p>x", b"\xef\xbb\xbf \n<HTML>", b"<!-- x --><script>alert(1)</script>", "<html>".encode("utf-16")],
    "SVG picture": [b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"<!DOCTYPE svg><svg/>", b"<s:svg xmlns:s='x'/>"],
    "XML document": [b"<?xml version='1.0'?><svg/>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<note xmlns='x'/>"],
    "script": [b"#!/bin/sh\nrm -rf /\n", b"<?php system('x');", b"@echo off\r\ndel *"],
    "RTF document": [rb"{\rtf1 x}"],
    "program": [b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + b"\0" * 60, Path("/bin/sh").read_bytes()[:5000]],
    "archive of files": [packed({"a.txt": b"x"}), packed({"../a.txt": b"x"}), b"7z\xbc\xaf\x27\x1c" + b"\0" * 30, b"\x1f\x8b\x08\0\0\0\0\0\0\3x"],
    "document of an old Office": [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500],
    "document with macros": [
        docx(**{"word/vbaProject.bin": b"x"}), docx(**{"word/activeX/activeX1.xml": b"x"}), odt(**{"Basic/Standard/Module1.xml": b"x"}),
        docx(**{"xl/macrosheets/sheet1.xml": b"x"}),
        packed({"[Content_Types].xml": b'ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"', "word/document.xml": b""}),
    ],
    "two kinds of file at once": [
        png() + packed({"a": b"x"}), png() + b"<script>alert(1)</script>", gif() + b"<script>", pdf() + packed({"a": b"x"}),
        webp() + b"more bytes", jpeg() + packed({"a": b"x"}), docx() + b"%PDF-1.4", packed({"a": b"x"}, comment=b"<script>"),
        jpeg()[:-2] + b"%PDF-1.4 " + jpeg()[-2:],
    ],
    "damaged file": [png()[:30], docx()[:-30] + docx()[-22:], pdf()[:40], b"%PDF-1.4", b"GIF89a"],
    "picture of more than 50 megapixels": [png(10_000, 5_001)],
    "something else": [b"\0\1\2\3", b"Words\0with a NUL", b"BM" + b"\0" * 60],
}


@pytest.mark.parametrize(("kind", "content"), [(kind, one) for kind, found in HOSTILE.items() for one in found])
def test_what_acts_or_hides_is_refused_whatever_its_name(kind, content):
    for name in ("form.pdf", "form.png", "form.docx", "form.odt", "form.txt", "form.md", "form.html", "form.svg"):
        sentence = refusal(name, content)
        assert kind in sentence and name in sentence


@pytest.mark.parametrize("name", ["form.html", "form.svg", "form.js", "form.xml", "form.bat", "form.sh", "form", "form.txt.exe", "form."])
def test_an_ending_that_is_not_on_the_list_is_refused_even_for_plain_text(name):
    assert ".txt" in refusal(name, b"Plain words")


def test_an_empty_file_is_refused():
    assert "empty" in refusal("form.txt", b"")


def test_a_zip_bomb_is_refused_without_being_unpacked():
    flat = docx(**{f"word/media/{n}.bin": b"\0" * 40_000_000 for n in range(8)})
    named = office("wordprocessingml.document", "word/document.xml")
    long = packed({"[Content_Types].xml": b" " * 3_000_000 + zipfile.ZipFile(BytesIO(named)).read("[Content_Types].xml"), "word/document.xml": b""})
    many = packed({f"word/{n}": b"" for n in range(6000)})

    with ends():
        for content in (flat, long, many):
            assert "unpack" in refusal("form.docx", content)


def test_a_picture_that_a_text_may_show_is_one_of_four():
    assert [picture_type(one) for one in (png(), jpeg(), gif(), webp())] == ["image/png", "image/jpeg", "image/gif", "image/webp"]
    assert [picture_type(one) for one in (pdf(), b"<svg/>", b"words", docx(), png() + b"x")] == [None] * 5


def test_the_largest_file_does_not_run_away():
    for content in (b"words and words\n" * 650_000, b"\x89PNG\r\n\x1a\n" * 1_300_000, b"PK\x03\x04" * 2_600_000, b"<!--" * 2_600_000, b"<!---->" * 1_400_000, b" " * 10_000_000):
        with ends():
            look(content)


NAMES = {
    "form.pdf": "form.pdf",
    "  Relevé   d’identité.pdf ": "Relevé d’identité.pdf",
    "Releve\u0301.pdf": "Relevé.pdf",
    "C:\\Users\\Anne\\form.pdf": "form.pdf",
    "../../etc/form.pdf": "form.pdf",
    "a:b|c?.pdf": "a-b-c-.pdf",
    "form.pdf. .": "form.pdf",
    "x" * 96 + ".pdf": "x" * 96 + ".pdf",
    "控除.pdf": "控除.pdf",
    "a\nb.pdf": "a b.pdf",
    "a\x01b.pdf": "ab.pdf",
}


@pytest.mark.parametrize("raw", NAMES)
def test_a_name_is_cleaned_to_one_segment(raw):
    assert filenames.cleaned(raw) == NAMES[raw]


@pytest.mark.parametrize(
    "raw",
    [
        "", " ", "/", "..", ".", ".gitattributes", ".htaccess", "-rf.txt", "~$form.docx", "CON", "con.txt", "NUL.pdf", "Com1.pdf", "lpt9.csv",
        "git~1", "a\x00b.pdf", "form\u202efdp.exe", "form\u200b.pdf", "form\ufeff.pdf", "form\u00ad.pdf", "a\ud800.pdf", "x" * 97 + ".pdf",
        "控" * 90 + ".pdf", "\U0010ffff.pdf", None, 7,
    ],
)
def test_a_name_that_some_system_cannot_hold_or_somebody_misreads_is_refused(raw):
    with pytest.raises(Invalid) as refused:
        filenames.cleaned(raw)
    assert refused.value.field == "name"


@pytest.mark.skipif(not STRINGS.exists(), reason="the list of naughty strings is not on this machine")
def test_naughty_strings_are_names_or_are_refused():
    for words in json.loads(STRINGS.read_text()):
        try:
            name = filenames.cleaned(words)
        except Invalid:
            continue
        assert 0 < len(name) <= 100 and "/" not in name and "\\" not in name and name == filenames.cleaned(name)


def test_the_same_name_in_other_letters_is_the_same():
    assert filenames.folded("Form.PDF") == filenames.folded("form.pdf") != filenames.folded("form2.pdf")
