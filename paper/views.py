"""The pages that are printed, and the PDFs."""

import re
from datetime import date

from flask import Blueprint, Response, render_template, request

from accounts import spaces
from accounts.models import Space
from accounts.web import reading
from core import clock
from core.errors import Invalid, N_
from core.web import number_argument, site
from paper import binding, captions, manuals, margins
from paper.captions import Copy
from paper.press import pressed
from paper.sheets import Document
from wiki import procedures
from wiki.rendering import shown, shown_all

PART = 100          # procedures on one page of a manual's print view


def blueprint() -> Blueprint:
    """Return the pages of paper."""
    pages = Blueprint("paper", __name__)
    pages.add_app_template_global(captions.across, "across_words")
    pages.add_app_template_global(Copy, "copy_of")
    version = "/procedures/<code>/versions/<number>"
    pages.add_url_rule(f"{version}/sheet.css", "sheet", sheet)
    pages.add_url_rule(f"{version}/print", "version", version_print)
    pages.add_url_rule(f"{version}/print.pdf", "version_pdf", version_pdf)
    pages.add_url_rule("/spaces/<slug>/manual", "manual", manual)
    pages.add_url_rule("/spaces/<slug>/manual/print", "manual_print", manual_print)
    pages.add_url_rule("/spaces/<slug>/manual/print.css", "manual_sheet", manual_sheet)
    pages.add_url_rule("/spaces/<slug>/manual.pdf", "manual_pdf", manual_pdf)
    return pages


def sheet(code: str, number: str) -> Response:
    """Return the margins of one version's printed sheets."""
    return Response(margins.of_copy(_copy(code, number)), mimetype="text/css")


def version_print(code: str, number: str):
    """Show one version as it is printed."""
    session, _actor = reading()
    copy = _copy(code, number)
    text = shown(session, site().database, site().library, copy.space, copy.version)
    return render_template("paper/version.html", copy=copy, sheet=captions.sheet(copy, _text(copy)), text=text, space=copy.space)


def version_pdf(code: str, number: str) -> Response:
    """Return one version as PDF."""
    copy = _copy(code, number)
    return answered(binding.single(copy), f"{copy.code}-v{copy.version.number}")


def manual(slug: str):
    """Show what is in a space's manual on a day, and let the day be chosen."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    day = asked_day()
    listed = manuals.contents(session, space, day)
    return render_template("paper/manual.html", space=space, day=day, today=_today(), listed=listed, parts=_parts(len(listed)))


def manual_print(slug: str):
    """Show a manual as it is printed, a part at a time where it is very long."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    day, part = asked_day(), number_argument("part", 1)
    listed = manuals.contents(session, space, day)
    bound = binding.copies(space, manuals.chapters(session, _part(listed, part), _today()))
    texts = shown_all(session, site().database, site().library, space, [copy.version for copy in bound])
    return render_template(
        "paper/manual_print.html", space=space, day=day, part=part, parts=_parts(len(listed)),
        sheets=[(captions.sheet(copy, _text(copy)), texts.get(copy.version.id), copy.version) for copy in bound],
        about=binding.about_manual(space, day, _today(), len(listed)),
    )


def manual_sheet(slug: str) -> Response:
    """Return the margins of a manual's printed sheets."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    day = asked_day()
    listed = _part(manuals.contents(session, space, day), number_argument("part", 1))
    bound = binding.copies(space, manuals.chapters(session, listed, _today()))
    return Response(margins.of_manual(space, day, _today(), bound), mimetype="text/css")


def manual_pdf(slug: str) -> Response:
    """Return the manual of a space on a day as PDF."""
    session, actor = reading()
    return bound_manual(spaces.by_slug(session, actor, slug), asked_day())


def bound_manual(space: Space, day: date) -> Response:
    """Answer with the manual of a space as PDF. Raises: Invalid where nothing was in force; as `press.pressed`."""
    session, _actor = reading()
    listed = manuals.contents(session, space, day)
    if not listed:
        raise Invalid(N_("Nothing was in force in this space on that day."), field="on")
    bound = binding.copies(space, manuals.chapters(session, listed, _today()))
    return answered(binding.manual(space, day, _today(), bound), f"{space.slug}-{day.isoformat()}")


def answered(document: Document, name: str) -> Response:
    """Answer with a document as PDF under a file name of ours. Raises: as `press.pressed`."""
    answer = Response(pressed(document), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def asked_day() -> date:
    """Return the day that the address asks for, today without one. Raises: Invalid."""
    raw = request.args.get("on", "")
    if not raw:
        return _today()
    try:
        return date.fromisoformat(raw if re.fullmatch(r"\d{4}-\d\d-\d\d", raw) else "")
    except ValueError:
        raise Invalid(N_("Give the day as year-month-day, such as 2026-03-31."), field="on") from None


def _copy(code: str, number: str) -> Copy:
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    standing = procedures.standing_of(session, found.procedure, site().library)
    return Copy(found.procedure.code, found.space, procedures.numbered(standing, number), standing)


def _text(copy: Copy) -> str:
    return procedures.text_of(site().library, copy.space, copy.version) or ""


def _part(listed, part: int):
    return listed[(part - 1) * PART : part * PART]


def _parts(many: int) -> int:
    return max(1, -(-many // PART))


def _today() -> date:
    return clock.today(site().library.zone)
