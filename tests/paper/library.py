"""A PDF read back, and documents to make one of."""

from io import BytesIO

from pypdf import PdfReader

from paper.sheets import Document, Fact, Sheet


def read(answered: bytes) -> PdfReader:
    """Return the reader of a PDF."""
    return PdfReader(BytesIO(answered))


def pages(answered: bytes) -> list[str]:
    """Return the words of each page, blanks folded."""
    return [" ".join(page.extract_text().split()) for page in read(answered).pages]


def words(answered: bytes) -> str:
    """Return the words of all pages."""
    return " ".join(pages(answered))


def a_sheet(text: str, *, code: str = "KYC-001", title: str = "Opening an account", across: str = "") -> Sheet:
    """Return a sheet with this text."""
    return Sheet(
        code=code, title=title, reference=f"{code}, version 4", printed="Printed on 1 March 2026", approved="Approved by Boris",
        check="Check before use: https://bank.example", status="Version 4, in force", across=across, notes=("Owner: Anne.",),
        colophon=(Fact("Approved", ("Boris, 1 March 2026 at 16:02 UTC", "“I approve this text for use.”")),), text=text, path="a.md", slug="kyc",
    )


def a_document(*sheets: Sheet, contents: str = "") -> Document:
    """Return a document of these sheets."""
    return Document("The title", "The subject", "The Bank", "fr", "Page {page} of {pages}", "Some stand as boxes.", sheets, contents, ("About.",))
