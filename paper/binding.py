"""From versions to documents: what the pages, the API and the press are given."""

from collections.abc import Sequence
from datetime import date

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from accounts.models import Space
from core.catalogue import day as in_words
from core.web import site
from paper import captions
from paper.captions import Copy
from paper.manuals import Chapter
from paper.sheets import Document
from wiki import procedures


def copies(space: Space, chapters: Sequence[Chapter]) -> list[Copy]:
    """Return the chapters of a manual as copies."""
    return [Copy(chapter.code, space, chapter.version, chapter.standing) for chapter in chapters]


def single(copy: Copy) -> Document:
    """Return the document of one version."""
    sheet = captions.sheet(copy, _text(copy))
    return Document(
        title=f"{copy.code} {copy.version.title}", subject=sheet.reference, author=site().settings.site_name,
        language=copy.version.language, page=captions.counted_page(), boxes=_boxes(), sheets=(sheet,),
    )


def manual(space: Space, day: date, today: date, bound: Sequence[Copy]) -> Document:
    """Return the document of a space's manual on a day."""
    return Document(
        title=space.name, subject=manual_reference(space, day), author=site().settings.site_name, language=str(get_locale()),
        page=captions.counted_page(), boxes=_boxes(), sheets=tuple(captions.sheet(copy, _text(copy)) for copy in bound),
        contents=_("Contents"), about=about_manual(space, day, today, len(bound)),
    )


def manual_reference(space: Space, day: date) -> str:
    """Return the line in the head of a manual's pages."""
    return _("%(space)s: the manual in force on %(day)s", space=space.name, day=in_words(day))


def manual_check(space: Space) -> str:
    """Return the line that says where the manual of today is to be found."""
    return _("Check before use: %(address)s", address=f"{site().settings.address}/spaces/{space.slug}/manual")


def about_manual(space: Space, day: date, today: date, many: int) -> tuple[str, ...]:
    """Return what the first page of a manual says of it."""
    counted = ngettext("%(num)s procedure in force on %(day)s", "%(num)s procedures in force on %(day)s", many, day=in_words(day))
    return (f"{counted}.", f"{captions.printed(today)}.", manual_check(space))


def _text(copy: Copy) -> str:
    return procedures.text_of(site().library, copy.space, copy.version) or ""


def _boxes() -> str:
    return _("A few characters cannot be set in this PDF and stand as boxes (□). The page on screen has them.")
