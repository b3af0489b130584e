"""The pages of gaps: what was said of one, and the open and the closed ones of a space."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import spaces
from accounts.actors import Actor
from accounts.forms import attempt
from accounts.models import Space
from accounts.policy import require_answer_gap
from accounts.web import reading
from core import clock
from core.errors import Problem
from core.tables import csv_of
from core.text import day
from core.web import number_argument, site
from discussions import gaps, threads
from discussions.care import PARTS
from discussions.forms import choice, typed
from discussions.gaps import Gap
from discussions.models import Thread

STATES = ("open", "closed")
_HEAD = (
    "opened_at", "opened_by", "code", "procedure", "owner", "gap", "state", "cause", "answer", "action", "close_by", "overdue",
    "last_said_by", "last_said_at", "closed_at", "closed_by", "thread",
)
PAGE_SIZE = 50
_MOST = 5_000           # closed gaps in one table


def add_to(pages: Blueprint) -> None:
    """Add these pages to the practice's blueprint."""
    pages.add_url_rule("/threads/<id>/gap", "gap", gap, methods=["GET", "POST"])
    pages.add_url_rule("/spaces/<slug>/gaps", "space_gaps", space_gaps)
    pages.add_url_rule("/spaces/<slug>/gaps.csv", "gaps_csv", gaps_csv)


def gap(id: str):
    """Say of a gap its cause, the answer, the action and the day it is to be closed by; what is left empty is not said."""
    session, actor = reading()
    place = threads.readable(session, actor, id)
    require_answer_gap(actor, place.space, gaps.owner_of(session, site().library, place))
    if place.thread.kind != "gap":
        return redirect(url_for("discussions.thread", id=place.thread.id), 303)
    if request.method != "POST":
        return _page(place.thread, {})
    words = {part: typed(part) for part in PARTS}

    def verb(session: Session, actor: Actor) -> Thread:
        thread = threads.readable(session, actor, id).thread
        for part, said in words.items():
            if said.strip():
                gaps.say(session, site().library, actor, thread, part, day(said, field=part) if part == "close_by" else said)
        return thread

    _done, problem = attempt(verb)
    if problem:
        return _page(place.thread, words, problem), problem.status
    flash(_("Recorded, with your name and today’s date."))
    return redirect(url_for("discussions.thread", id=place.thread.id), 303)


def _page(thread: Thread, words: dict, problem: Problem | None = None):
    session, actor = reading()
    place = threads.readable(session, actor, thread.id)
    said = gaps.parts_of(session, place.thread)
    shown = {part: said[part].words or (said[part].day.isoformat() if said[part].day else "") for part in said} | {
        part: value for part, value in words.items() if value
    }
    return render_template(
        "discussions/gap.html", thread=place.thread, space=place.space, procedure=place.procedure, said=said, typed=shown,
        problem=problem, limit=gaps.LONGEST,
    )


def space_gaps(slug: str):
    """List the open gaps of a space, those to be closed soonest first, or the closed ones, the last one first."""
    session, actor = reading()
    space, state, page = spaces.by_slug(session, actor, slug), choice("state", STATES) or "open", number_argument("page", 1)
    found, total = in_state(session, space, state, page, PAGE_SIZE)
    return render_template("discussions/gaps.html", space=space, state=state, gaps=found, total=total, page=page, page_size=PAGE_SIZE)


def in_state(session: Session, space: Space, state: str, page: int, page_size: int) -> tuple[list[Gap], int]:
    """Return a page of the open or of the closed gaps of a space that was found readable, and how many there are."""
    if state == "closed":
        return gaps.ended_in(session, site().library, space, page=page, page_size=page_size)
    found = gaps.of_space(session, site().library, space)
    return found[(page - 1) * page_size : page * page_size], len(found)


def gaps_csv(slug: str) -> Response:
    """Answer the open or the closed gaps of a space as a list for spreadsheets."""
    session, actor = reading()
    space, state = spaces.by_slug(session, actor, slug), choice("state", STATES) or "open"
    rows = [_row(one) for one in in_state(session, space, state, 1, _MOST)[0]]
    # The mark at the head tells spreadsheets that this is UTF-8.
    headers = {"Content-Disposition": f'attachment; filename="{state}-gaps-{space.slug}.csv"'}
    return Response("\ufeff" + csv_of(_HEAD, rows), mimetype="text/csv", headers=headers)


def _row(gap: Gap) -> list:
    thread, said = gap.thread, gap.parts
    last = max(said.values(), key=lambda one: one.at, default=None)
    return [
        clock.rfc3339(thread.opened_at), thread.opener, thread.code, gap.title, gap.owner, thread.heading, thread.state,
        *(said[part].words if part in said else "" for part in ("cause", "answer", "action")),
        said["close_by"].day if "close_by" in said else "", "yes" if gap.is_overdue else "",
        last.name if last else "", clock.rfc3339(last.at) if last else "",
        clock.rfc3339(gap.ended_at) if gap.ended_at else "", gap.ender, f"/threads/{thread.id}",
    ]
