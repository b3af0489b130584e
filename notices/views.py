"""The pages of what one was told, of what one follows, and of how one wants it by mail."""

from datetime import datetime
from functools import lru_cache

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from accounts.frames import form_token
from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import may
from accounts.web import reading, writing
from core import clock
from core.errors import Invalid, N_, Problem, Unauthenticated
from core.web import local_path, number_argument, site
from notices import choices, following, mail_views, reading as told
from notices.choices import Choice
from notices.following import Target
from notices.models import MODES
from notices.wording import said

PAGE_SIZE = 50
_TOKEN = "\x00csrf\x00"
_ADDRESSED_BY = {"thread": "id", "procedure": "code", "space": "slug"}


def blueprint() -> Blueprint:
    """Return the pages of this package, and what the pages of others show of it."""
    pages = Blueprint("notices", __name__)
    pages.add_url_rule("/notices", "notices", notices)
    pages.add_url_rule("/notices/read", "read_all", read_all, methods=["POST"])
    pages.add_url_rule("/notices/<id>/read", "read", read, methods=["POST"])
    pages.add_url_rule("/notices/following", "following", list_followed)
    pages.add_url_rule("/notices/mail", "mail", mail, methods=["GET", "POST"])
    pages.add_url_rule("/threads/<id>/follow", "follow_thread", lambda id: _follow("thread", id, f"/threads/{id}"), methods=["POST"])
    pages.add_url_rule("/procedures/<code>/follow", "follow_procedure", follow_procedure, methods=["POST"])
    pages.add_url_rule("/spaces/<slug>/follow", "follow_space", lambda slug: _follow("space", slug, f"/spaces/{slug}"), methods=["POST"])
    mail_views.add_to(pages)
    pages.add_app_template_filter(said, "notice_words")
    pages.add_app_template_global(bell)
    pages.add_app_template_global(follow_form)
    pages.add_app_template_global(unread_of)
    return pages


def bell() -> Markup:
    """Return what stands beside one's name: the way to what one was told, with how much of it is unread."""
    session, actor = reading()
    return Markup(_bell(str(get_locale()), told.unread_count(session, actor)))


def follow_form(kind: str, of: str, space: Space, code: str | None = None) -> Markup:
    """Return the button that follows something that was found readable, or ends it; nothing for whoever may not."""
    session, actor = reading()
    if not may(actor, Permission.TAKE_PART, space):
        return Markup()
    name = space.slug if kind == "space" else of
    form = _follow_form(str(get_locale()), kind, name, following.follows(session, actor, Target(kind, of, space, code)))
    return Markup(form.replace(_TOKEN, form_token()))


@lru_cache(4096)
def _follow_form(_language: str, kind: str, name: str, follows: bool) -> str:
    # On the page that is read most, so it is drawn once; NUL is refused in every text.
    action = url_for(f"notices.follow_{kind}", **{_ADDRESSED_BY[kind]: name})
    return render_template("notices/_follow.html", kind=kind, action=action, follows=follows, csrf_token=lambda: _TOKEN)


@lru_cache(512)
def _bell(_language: str, count: int) -> str:
    return render_template("notices/_bell.html", count=count, most=told.MOST_COUNTED)


def unread_of(thread_id: str) -> bool:
    """Say whether something of a thread was told to the reader and not read yet."""
    session, actor = reading()
    return told.has_unread_of(session, actor, thread_id)


def notices():
    """Show what one was told, unread first."""
    session, actor = reading()
    page = number_argument("page", 1)
    found, total = told.listed(session, actor, page=page, page_size=PAGE_SIZE)
    new = [one for one in found if one.notice.read_at is None]
    old = [one for one in found if one.notice.read_at is not None]
    return render_template(
        "notices/notices.html",
        new=told.grouped(new), old=told.grouped(old), total=total, page=page, page_size=PAGE_SIZE, now=clock.rfc3339(clock.now()),
    )


def read(id: str):
    """Say that one has read a notice, and go on to what it is about if that was asked for."""
    with writing() as (session, actor):
        url = told.mark_read(session, actor, id).url
    return redirect(url if request.form.get("go") else url_for("notices.notices"), 303)


def read_all():
    """Say that one has read everything that the page showed: what was told since stays unread."""
    thread_id = request.form.get("thread") or None
    with writing() as (session, actor):
        told.mark_all_read(session, actor, until=_until(), thread_id=thread_id)
    return ("", 204) if request.form.get("quiet") else redirect(url_for("notices.notices"), 303)


def _until() -> datetime | None:
    raw = request.form.get("until")
    if not raw:
        return None
    try:
        at = clock.instant(raw)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Invalid(N_("This value cannot be taken."), field="until")
    return at


def list_followed():
    """Show what one follows."""
    session, actor = reading()
    if not actor.is_somebody:
        raise Unauthenticated(N_("Sign in to do this."))
    page = number_argument("page", 1)
    found, total = following.followed(session, actor, page=page, page_size=PAGE_SIZE)
    return render_template("notices/following.html", found=found, total=total, page=page, page_size=PAGE_SIZE)


def follow_procedure(code: str):
    """Follow a procedure, or no longer."""
    return _follow("procedure", code, f"/procedures/{code.upper()}")


def _follow(kind: str, name: str, url: str):
    wanted = request.form.get("follow") != "0"
    with writing() as (session, actor):
        following.follow(session, actor, kind, name, follows=wanted)
    flash(_("You follow this from now on: what is new in it stands under your notices.") if wanted else _("You follow this no longer."))
    return redirect(local_path(request.form.get("next")) or url, 303)


def mail():
    """Show how one's notices come by mail, and let one choose."""
    session, actor = reading()
    choice, problem = choices.choice_of(session, actor), None
    if request.method == "POST":
        choice = Choice(request.form.get("direct", ""), request.form.get("followed", ""), choice.timezone)
        try:
            with writing() as (session, actor):
                choices.choose(session, actor, site().settings.timezone, choice)
        except Invalid as refused:
            problem = refused
        else:
            flash(_("Saved."))
            return redirect(url_for("notices.mail"), 303)
    return _mail_page(choice, problem)


def _mail_page(choice: Choice, problem: Problem | None):
    session, actor = reading()
    shown = render_template(
        "notices/mail.html",
        choice=choice, problem=problem, modes=MODES, is_sent=bool(site().settings.mail_url), zone=choice.zone(site().settings.timezone).key,
        refused=choices.refused(session, actor),
    )
    return shown, problem.status if problem else 200
