"""The kinds of files: those that are taken, each with its media type, endings and words, and those that are not."""

from dataclasses import dataclass

from core.errors import N_


@dataclass(frozen=True)
class Kind:
    """A kind of file. One that is not taken has no media type: it is only named."""

    words: str
    type: str = ""
    endings: tuple[str, ...] = ()

    @property
    def is_taken(self) -> bool:
        """Whether such a file may come with a text."""
        return bool(self.type)


_WORD = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

PDF = Kind(N_("PDF document"), "application/pdf", ("pdf",))
PNG = Kind(N_("PNG picture"), "image/png", ("png",))
JPEG = Kind(N_("JPEG picture"), "image/jpeg", ("jpg", "jpeg"))
GIF = Kind(N_("GIF picture"), "image/gif", ("gif",))
WEBP = Kind(N_("WebP picture"), "image/webp", ("webp",))
TEXT = Kind(N_("plain text"), "text/plain", ("txt",))
CSV = Kind(N_("CSV table"), "text/csv", ("csv",))
MARKDOWN = Kind(N_("Markdown text"), "text/markdown", ("md", "markdown"))
OFFICE = (
    Kind(N_("Word document"), _WORD + "wordprocessingml.document", ("docx",)),
    Kind(N_("Word template"), _WORD + "wordprocessingml.template", ("dotx",)),
    Kind(N_("Excel workbook"), _WORD + "spreadsheetml.sheet", ("xlsx",)),
    Kind(N_("Excel template"), _WORD + "spreadsheetml.template", ("xltx",)),
    Kind(N_("PowerPoint presentation"), _WORD + "presentationml.presentation", ("pptx",)),
    Kind(N_("PowerPoint template"), _WORD + "presentationml.template", ("potx",)),
)
OPEN_DOCUMENT = (
    Kind(N_("OpenDocument text"), _OPEN + "text", ("odt",)),
    Kind(N_("OpenDocument text template"), _OPEN + "text-template", ("ott",)),
    Kind(N_("OpenDocument spreadsheet"), _OPEN + "spreadsheet", ("ods",)),
    Kind(N_("OpenDocument spreadsheet template"), _OPEN + "spreadsheet-template", ("ots",)),
    Kind(N_("OpenDocument presentation"), _OPEN + "presentation", ("odp",)),
    Kind(N_("OpenDocument presentation template"), _OPEN + "presentation-template", ("otp",)),
)

PICTURES = (PNG, JPEG, GIF, WEBP)
TEXTS = (TEXT, CSV, MARKDOWN)
TAKEN = (PDF, *PICTURES, *TEXTS, *OFFICE, *OPEN_DOCUMENT)
BY_TYPE = {kind.type: kind for kind in TAKEN}
BY_ENDING = {ending: kind for kind in TAKEN for ending in kind.endings}
PICTURE_TYPES = frozenset(kind.type for kind in PICTURES)

WEB_PAGE = Kind(N_("web page"))
VECTOR = Kind(N_("SVG picture"))
XML = Kind(N_("XML document"))
SCRIPT = Kind(N_("script"))
PROGRAM = Kind(N_("program"))
ARCHIVE = Kind(N_("archive of files"))
OLD_OFFICE = Kind(N_("document of an old Office"))
RICH_TEXT = Kind(N_("RTF document"))
MACROS = Kind(N_("document with macros"))
TOO_MUCH = Kind(N_("document that would unpack to far more than it is"))
TWO_AT_ONCE = Kind(N_("two kinds of file at once"))
DAMAGED = Kind(N_("damaged file"))
TOO_LARGE = Kind(N_("picture of more than 50 megapixels"))
OTHER = Kind(N_("something else"))
