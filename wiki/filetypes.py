"""What a file is, judged from its content. A name only chooses among the kinds of plain text; one that lies is refused."""

import re
import struct
import zipfile
from io import BytesIO

import imagesize
import puremagic

from core.errors import Invalid, N_, Words
from wiki import containers
from wiki.kinds import (
    ARCHIVE, BY_ENDING, BY_TYPE, DAMAGED, GIF, JPEG, OLD_OFFICE, OTHER, PDF, PICTURES, PNG, PROGRAM, RICH_TEXT, SCRIPT, TEXT, TEXTS,
    TOO_LARGE, TWO_AT_ONCE, VECTOR, WEB_PAGE, WEBP, XML, Kind,
)

MOST_PIXELS = 50_000_000
_SIGNED = (PDF, *PICTURES)
_END_OF_PDF_WITHIN = 4096
_ENDS = {PNG: b"IEND\xaeB`\x82", GIF: b";", JPEG: b"\xff\xd9"}
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SPACE = re.compile(r"[\s\ufeff]*")
_MARKUP = (
    (re.compile(r"(?i)<(?:!doctype\s+svg|(?:\w+:)?svg)\b"), VECTOR),
    (re.compile(r"(?i)<(?:!doctype\s+html|html|head|body|script|iframe|style|title|meta|link|form|object|embed|base)\b"), WEB_PAGE),
    (re.compile(r"(?i)<(?:\?xml|!doctype|math)\b|<\w+[^>]*\bxmlns\b"), XML),
    (re.compile(r"#!|<\?php|@echo off\b"), SCRIPT),
    (re.compile(r"\{\\rtf"), RICH_TEXT),
    (re.compile(r"%!PS"), PROGRAM),
)
_NAMED = {
    ".wasm": PROGRAM,
    **dict.fromkeys((".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".cab", ".zst", ".lz"), ARCHIVE),
    **dict.fromkeys((".doc", ".xls", ".ppt", ".msi", ".msg"), OLD_OFFICE),
}


def judged(name: str, content: bytes) -> Kind:
    """Return the kind of a file whose name and content agree and that is taken.

    Raises: Invalid with a sentence that says what the content is.
    """
    if not content:
        raise Invalid(N_("%(name)s is empty."), field="file", name=name)
    kind, named = look(content), BY_ENDING.get(name.rpartition(".")[2].lower())
    if not kind.is_taken:
        raise Invalid(
            N_("The content of %(name)s says: %(kind)s. Such a file is not taken. What is taken: PDF, pictures (PNG, JPEG, GIF, WebP), "
               "plain text, CSV, Markdown, OpenDocument and Office files without macros."),
            field="file", name=name, kind=Words(kind.words),
        )
    if kind is TEXT and named in TEXTS:
        return named
    if named is None:
        raise Invalid(
            N_("The content of %(name)s says: %(kind)s. Its name must then end in .%(ending)s."),
            field="file", name=name, kind=Words(kind.words), ending=kind.endings[0],
        )
    if named is not kind:
        raise Invalid(
            N_("The name %(name)s says: %(named)s. Its content says: %(kind)s. One of the two is wrong, so it is not taken."),
            field="file", name=name, named=Words(named.words), kind=Words(kind.words),
        )
    return kind


def picture_type(content: bytes) -> str | None:
    """Return the media type of a picture that may be shown, None for anything else."""
    kind = look(content)
    return kind.type if kind in PICTURES else None


def look(content: bytes) -> Kind:
    """Return what the content is, taken or not."""
    if content.startswith(b"PK\x03\x04"):
        return containers.look(content)
    mime, ending = _signature(content)
    kind = BY_TYPE.get(mime)
    if kind not in _SIGNED:
        return _text(content) or (PROGRAM if content.startswith(_PROGRAMS) else _NAMED.get(ending, OTHER))
    if zipfile.is_zipfile(BytesIO(content)) or (kind is not PDF and b"%PDF-" in content[:1024]):
        return TWO_AT_ONCE
    return _whole_pdf(content) if kind is PDF else _whole_picture(kind, content)


def _signature(content: bytes) -> tuple[str, str]:
    """Return the media type and the ending that the first bytes speak of, empty where they say nothing."""
    try:
        guesses = puremagic.magic_string(content)
    except puremagic.PureError:
        return "", ""
    at_start = [guess for guess in guesses if guess.offset == 0 or guess.extension == ".webp"]
    return (at_start[0].mime_type, at_start[0].extension) if at_start else ("", "")


def _whole_pdf(content: bytes) -> Kind:
    return PDF if content.startswith(b"%PDF-") and b"%%EOF" in content[-_END_OF_PDF_WITHIN:] else DAMAGED


def _whole_picture(kind: Kind, content: bytes) -> Kind:
    try:
        width, height = imagesize.get(BytesIO(content))
    except (ValueError, struct.error, IndexError, OSError):
        return DAMAGED
    if width < 1 or height < 1:
        return DAMAGED
    if width * height > MOST_PIXELS:
        return TOO_LARGE
    end = _end(kind, content)
    if end is None or end > len(content):
        return DAMAGED
    return kind if end == len(content) else TWO_AT_ONCE


def _end(kind: Kind, content: bytes) -> int | None:
    """Return where a picture ends, None if it does not. Cameras add to a JPEG, so there it may end anywhere."""
    if kind is WEBP:
        size = 8 + int.from_bytes(content[4:8], "little")
        return len(content) if len(content) == size + 1 else size
    content = content.rstrip(b"\0") if kind is GIF else content
    at = content.rfind(_ENDS[kind])
    if at < 0 or kind is JPEG:
        return None if at < 0 else len(content)
    return at + len(_ENDS[kind])


def _text(content: bytes) -> Kind | None:
    """Return plain text, or what text it is that is not taken; None if it is no text. Old tables are in old encodings."""
    words = _decoded(content)
    if words is None or _CONTROL.search(words):
        return None
    start = _begins(words)
    return next((kind for pattern, kind in _MARKUP if pattern.match(words, start)), TEXT)


def _begins(words: str) -> int:
    """Return where a text begins to say something: after blanks and the remarks of markup."""
    at = _SPACE.match(words).end()
    while words.startswith("<!--", at) and (end := words.find("-->", at)) >= 0:
        at = _SPACE.match(words, end + 3).end()
    return at


def _decoded(content: bytes) -> str | None:
    for encoding in ("utf-16",) if content.startswith(_UTF16) else ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
