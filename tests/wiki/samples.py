"""Small files of every kind, made here, and some that lie."""

import struct
import zipfile
import zlib
from io import BytesIO

_OFFICE = "application/vnd.openxmlformats-officedocument."


def png(width: int = 2, height: int = 2, colour: bytes = b"\xc8\x50\x28") -> bytes:
    """Return a PNG picture of one colour."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + colour * width) * height) if width * height < 10_000 else zlib.compress(b"\0")
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def gif() -> bytes:
    """Return a GIF picture."""
    return bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


def jpeg() -> bytes:
    """Return the frame of a JPEG picture."""
    frame = bytes.fromhex("ffd8ffe000104a46494600010101004800480000ffc0000b080001000101011100ffc40014")
    return frame + b"\0" * 18 + bytes.fromhex("ffda0008010100003f0000ffd9")


def webp() -> bytes:
    """Return a WebP picture."""
    return bytes.fromhex("524946461a000000574542505650384c0d0000002f00000010071011118888fe0700")


def pdf() -> bytes:
    """Return a PDF document with nothing on its page."""
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def packed(files: dict[str, bytes], comment: bytes = b"") -> bytes:
    """Return a zip archive, the same each time; the entry `mimetype` is stored as it is."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
        archive.comment = comment
    return made.getvalue()


def docx(**more: bytes) -> bytes:
    """Return a Word document with these entries besides."""
    return office("wordprocessingml.document", "word/document.xml", more)


def office(kind: str, part: str, more: dict[str, bytes] | None = None) -> bytes:
    """Return an Office document of a kind."""
    types = f'<?xml version="1.0"?><Types><Override PartName="/{part}" ContentType="{_OFFICE}{kind}.main+xml"/></Types>'
    return packed({"[Content_Types].xml": types.encode(), part: b"<w/>"} | (more or {}))


def odt(kind: str = "text", **more: bytes) -> bytes:
    """Return an OpenDocument file of a kind."""
    return packed({"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(), "content.xml": b"<o/>"} | more)


GOOD = {
    "form.pdf": pdf(),
    "seal.png": png(),
    "photo.jpg": jpeg(),
    "photo.jpeg": jpeg(),
    "moving.gif": gif(),
    "small.webp": webp(),
    "notes.txt": "Été, œuvre\r\n".encode(),
    "old.txt": "Été".encode("cp1252"),
    "wide.txt": "Été".encode("utf-16"),
    "list.csv": b"Who;What\nAdviser;asks\n",
    "note.md": b"<!-- a remark -->\n# Head\n\n<b>raw</b>\n",
    "letter.docx": docx(),
    "letter.dotx": office("wordprocessingml.template", "word/document.xml"),
    "sums.xlsx": office("spreadsheetml.sheet", "xl/workbook.xml"),
    "sums.xltx": office("spreadsheetml.template", "xl/workbook.xml"),
    "slides.pptx": office("presentationml.presentation", "ppt/presentation.xml"),
    "letter.odt": odt(),
    "sums.ods": odt("spreadsheet"),
    "slides.odp": odt("presentation"),
}
