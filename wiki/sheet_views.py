"""What paper adds to a version: its reference, day, approvers and page numbers in the margins of every sheet.

A style sheet, because only that reaches the margins of a page, and one of ours, because nothing inline is allowed.
"""

from flask import Response
from flask_babel import gettext as _

from accounts.web import reading
from core import clock
from core.catalogue import day
from core.errors import NotFound
from core.web import site
from wiki import procedures
from wiki.models import Version
from wiki.standing import Standing

_SAFE = frozenset(" ,.:-")


def sheet(code: str, number: str) -> Response:
    """Return the margins of one version's printed sheets."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    standing = procedures.standing_of(session, found.procedure, site().library)
    version = next((v for v in standing.versions if str(v.number) == number), None)
    if version is None:
        raise NotFound()
    return Response(_margins(found.procedure.code, version, standing), mimetype="text/css")


def _margins(code: str, version: Version, standing: Standing) -> str:
    printed = _("Printed on %(day)s; check afterwards", day=day(clock.today(site().library.zone)))
    before, between = _("Page %(page)s of %(pages)s", page="\n", pages="").split("\n")
    page = f"{_quoted(before)} counter(page) {_quoted(between)} counter(pages)"
    boxes = {
        "top-left": _quoted(_reference(code, version, standing)),
        "top-right": _quoted(printed),
        "bottom-left": _quoted(_approved(version)),
        "bottom-right": page,
    }
    rules = "\n".join(f"  @{box} {{ content: {content}; }}" for box, content in boxes.items())
    return f"@page {{\n  font: 8.5pt sans-serif;\n{rules}\n}}\n"


def _reference(code: str, version: Version, standing: Standing) -> str:
    said = {"code": code, "number": version.number, "day": day(version.in_force_from)}
    match standing.state_of(version):
        case "in_force":
            return _("%(code)s, version %(number)s, in force from %(day)s", **said)
        case "scheduled":
            return _("%(code)s, version %(number)s, not in force before %(day)s", **said)
        case "cancelled":
            return _("%(code)s, version %(number)s, cancelled: do not use", **said)
    until = standing.until(version)
    if until is None:
        return _("%(code)s, version %(number)s, superseded: do not use", **said)
    return _("%(code)s, version %(number)s, superseded on %(until)s: do not use", **said, until=day(until))


def _approved(version: Version) -> str:
    if version.imported:
        return _("Imported, not approved here")
    names = ", ".join(approval["name"] for approval in version.approvals)
    return _("Approved by %(names)s", names=names) if names else _("Published without approval, as this space asks")


def _quoted(words: str) -> str:
    """Return words as a CSS string; what is neither a letter nor a figure is escaped, so that none can end it."""
    return '"' + "".join(c if c.isalnum() or c in _SAFE else f"\\{ord(c):06x} " for c in words) + '"'
