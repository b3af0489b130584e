"""Paper in the JSON API: the same PDFs as the pages."""

from datetime import date
from typing import Literal

from flask import Response
from flask_babel import force_locale, get_locale
from pydantic import BaseModel, ConfigDict, Field

from accounts import spaces
from accounts.web import reading
from core import clock
from core.api import Endpoint
from core.web import site
from paper import binding
from paper.captions import Copy
from paper.views import answered, bound_manual
from wiki import procedures

Language = Literal["en", "fr"]


class CopyQuery(BaseModel):
    """Which version, the one that speaks for the procedure by default, and the language of the words around it."""

    model_config = ConfigDict(extra="forbid")
    version: int | None = Field(None, ge=1, le=2**31 - 1)
    language: Language | None = None


class ManualQuery(BaseModel):
    """On which day, today by default, and the language of the words around the texts."""

    model_config = ConfigDict(extra="forbid")
    on: date | None = None
    language: Language | None = None


def copy_pdf(code: str, query: CopyQuery) -> Response:
    """Read a version as PDF: its controlled copy."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    standing = procedures.standing_of(session, found.procedure, site().library)
    version = procedures.version(session, found.procedure, query.version) if query.version else standing.shown
    with force_locale(query.language or str(get_locale())):
        copy = Copy(found.procedure.code, found.space, version, standing)
        return answered(binding.single(copy), f"{copy.code}-v{version.number}")


def manual_pdf(slug: str, query: ManualQuery) -> Response:
    """Read everything in force in a space on a day as one PDF."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    with force_locale(query.language or str(get_locale())):
        return bound_manual(space, query.on or clock.today(site().library.zone))


ENDPOINTS = [
    Endpoint("GET", "/procedures/<code>/pdf", copy_pdf, query=CopyQuery, media="application/pdf"),
    Endpoint("GET", "/spaces/<slug>/manual", manual_pdf, query=ManualQuery, media="application/pdf"),
]
