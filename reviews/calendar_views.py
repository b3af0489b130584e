"""The calendars: of one space, of all the spaces in which one has a role, and as a feed with a private address."""

from datetime import date
from urllib.parse import urlsplit

from babel.dates import format_date
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import spaces
from accounts.actors import Actor
from accounts.models import Space
from accounts.web import reading, writing
from core import clock
from core.errors import Invalid, N_, NotFound, Unauthenticated
from core.problems import answered_alone
from core.web import number_argument, site
from reviews import addresses, calendar, ical
from reviews.calendar import Entry

PAGE_SIZE = 200
_MOST_EVENTS = 2000


def add_to(pages: Blueprint) -> None:
    """Add these pages to the blueprint of upkeep."""
    pages.add_url_rule("/spaces/<slug>/calendar", "space_calendar", space_calendar)
    pages.add_url_rule("/calendar", "calendar", own_calendar)
    pages.add_url_rule("/calendar/address", "calendar_address", calendar_address, methods=["POST"])
    pages.add_url_rule("/calendar/<token>.ics", "feed", feed)
    pages.add_app_template_filter(month)
    pages.add_app_template_global(entry_words)


def month(first: date) -> str:
    """Return a month in words: March 2026, mars 2026."""
    return format_date(first, "LLLL y", locale=get_locale())


def space_calendar(slug: str):
    """Show the days that matter in a space."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    return _page(session, actor, [space], space=space)


def own_calendar():
    """Show the days that matter in every space in which one has a role."""
    return _own()


def _own(address: str | None = None):
    session, actor = reading()
    if not actor.is_somebody:
        raise Unauthenticated(N_("Sign in to do this."))
    held = addresses.present(session, actor)
    return _page(session, actor, calendar.own_spaces(session, actor), space=None, address=address, held=held)


def _page(session: Session, actor: Actor, of: list[Space], **more):
    page = number_argument("page", 1)
    found = calendar.days(session, site().library, of)
    listed = found.entries[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return render_template(
        "reviews/calendar.html",
        months=calendar.by_month(listed), total=len(found.entries), dateless=found.dateless, page=page, page_size=PAGE_SIZE, **more,
    )


def calendar_address():
    """Make the private address of one's calendar, show it once, or end it."""
    then = request.form.get("then", "")
    if then not in ("make", "end"):
        raise Invalid(N_("Say whether to make an address or to end it."), field="then")
    with writing() as (session, actor):
        secret = addresses.make(session, actor) if then == "make" else None
        if secret is None:
            addresses.end(session, actor)
    if secret is not None:
        return _own(address_of(secret))
    flash(_("The private address has ended: whoever had it reads nothing more."))
    return redirect(url_for("reviews.calendar"), 303)


def address_of(secret: str) -> str:
    """Return the whole private address: under the configured one, never what a request claims."""
    return site().settings.address + url_for("reviews.feed", token=secret)


def feed(token: str):
    """Answer a calendar program: the days that the owner of the address may see now. An address that ended is not found."""
    session, _nobody = reading()
    try:
        owner = addresses.owner(session, token)
    except NotFound as problem:
        return answered_alone(problem)
    entries = calendar.days(session, site().library, calendar.own_spaces(session, owner)).entries
    with force_locale(owner.language or "en"):
        made = ical.written(
            entries[:_MOST_EVENTS], name=site().settings.site_name, host=urlsplit(site().settings.address).hostname or "localhost",
            at=clock.now(), words=lambda entry: f"{entry.code} {entry.title}: {entry_words(entry)}",
            address=lambda entry: site().settings.address + url_for("wiki.procedure", code=entry.code),
        )
    return Response(made, mimetype="text/calendar")


def entry_words(entry: Entry) -> str:
    """Return what happens on the day of an entry, without the day."""
    if entry.kind == "takes_force":
        return _("version %(number)s takes force", number=entry.version)
    if entry.kind == "retires":
        return _("it is retired")
    return _("its review is overdue") if entry.is_overdue else _("its review is due")
