"""The pages of who does what: a procedure's matrix, all roles, and everything asked of one."""

from datetime import date

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from accounts.web import reading
from core import clock, text
from core.errors import Invalid, N_, NotFound
from core.tables import csv_of
from core.web import number_argument, site
from wiki import duties, procedures, roles
from wiki.matrix import matrix

PAGE_SIZE = 200


def add_to(pages: Blueprint) -> None:
    """Add these pages to the wiki's blueprint."""
    pages.add_url_rule("/procedures/<code>/duties", "duties", procedure_duties)
    pages.add_url_rule("/roles", "roles", all_roles)
    pages.add_url_rule("/roles/<role>", "role", one_role)
    pages.add_url_rule("/roles/<role>/duties.csv", "role_csv", role_as_csv)


def procedure_duties(code: str):
    """Show who does what in a procedure as a matrix: of the version that speaks for it, of another, or of a day."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    day, number = _day(), number_argument("version", 0) if "version" in request.args else None
    if number is not None and "on" in request.args:
        raise Invalid(N_("Ask for a version or for a date, not for both."), field="on")
    standing = procedures.standing_of(session, found.procedure, site().library, day)
    version = standing.in_force if "on" in request.args else standing.shown
    if number is not None:
        version = next((one for one in standing.versions if one.number == number), None)
        if version is None:
            raise NotFound()
    words = procedures.text_of(site().library, found.space, version) if version else None
    return render_template(
        "wiki/matrix.html", procedure=found.procedure, space=found.space, standing=standing, version=version,
        day=day if "on" in request.args else None, today=_today(), matrix=matrix(duties.read(words or "")),
    )


def all_roles():
    """List the roles that something is asked of, in what this person may read."""
    session, actor = reading()
    day, page = _day(), number_argument("page", 1)
    found, total = roles.listed(session, actor, day, page=page, page_size=PAGE_SIZE)
    return render_template("wiki/roles.html", roles=found, total=total, page=page, page_size=PAGE_SIZE, day=day, today=_today())


def one_role(role: str):
    """Show everything asked of a role, by procedure."""
    session, actor = reading()
    name, day, page = roles.name_of(session, actor, role), _day(), number_argument("page", 1)
    found, total = roles.asked_of(session, actor, role, day, page=page, page_size=PAGE_SIZE)
    return render_template(
        "wiki/role.html", slug=role, name=name, asked=found, total=total, page=page, page_size=PAGE_SIZE, day=day, today=_today(),
    )


def role_as_csv(role: str):
    """Return everything asked of a role as a table for a spreadsheet."""
    session, actor = reading()
    roles.name_of(session, actor, role)
    day = _day()
    asked, _total = roles.asked_of(session, actor, role, day, page_size=1_000_000)
    head = [_("Role"), _("Code"), _("Title"), _("Version"), _("In force from"), _("Task"), _("By when")]
    rows = (
        (duty.role, one.code, one.version.title, one.version.number, one.version.in_force_from, duty.task, duty.delay)
        for one in asked for duty in one.duties
    )
    headers = {"Content-Disposition": f'attachment; filename="{role}-{day.isoformat()}.csv"'}
    # The mark at the head tells spreadsheets that the letters are UTF-8.
    return Response("\ufeff" + csv_of(head, rows), mimetype="text/csv", headers=headers)


def _day() -> date:
    asked = request.args.get("on", "")
    return text.day(asked, field="on") if asked else _today()


def _today() -> date:
    return clock.today(site().library.zone)
