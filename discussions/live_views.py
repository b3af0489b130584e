"""What open pages ask while somebody reads or writes: is there something new, and whom does an @ mean."""

from flask import Blueprint, jsonify, request
from flask_babel import ngettext

from accounts import spaces
from accounts.permissions import Permission
from accounts.policy import require
from accounts.web import reading
from core.errors import Invalid, N_
from discussions import mentions, news
from discussions.news import News


def add_to(pages: Blueprint) -> None:
    """Add these addresses to the practice's blueprint."""
    pages.add_url_rule("/threads/<id>/news", "thread_news", thread_news)
    pages.add_url_rule("/procedures/<code>/news", "procedure_news", procedure_news)
    pages.add_url_rule("/spaces/<slug>/mentionable", "mentionable", mentionable)


def thread_news(id: str):
    """Say how many answers of others a thread has beyond the last one that a page shows."""
    session, actor = reading()
    return _answer(news.of_thread(session, actor, id, _after()), lambda count: ngettext("%(num)s new answer", "%(num)s new answers", count))


def procedure_news(code: str):
    """Say how many messages the threads of a procedure have beyond those that a page shows."""
    session, actor = reading()
    return _answer(news.of_procedure(session, actor, code, _after()), lambda count: ngettext("%(num)s new message", "%(num)s new messages", count))


def mentionable(slug: str):
    """Say whom the reader can name here whose name begins with what was typed."""
    session, actor = reading()
    space = spaces.by_slug(session, actor, slug)
    require(actor, Permission.TAKE_PART, space)
    found = mentions.completed(session, actor, space, request.args.get("q", ""))
    said = ngettext("%(num)s person: choose with the arrow keys", "%(num)s people: choose with the arrow keys", len(found)) if found else ""
    return jsonify(items=[{"name": one.written} for one in found], said=said)


def _answer(found: News, words):
    response = jsonify(last=found.last, new=found.new, words=words(found.new) if found.new else "")
    response.set_etag(f"{found.last}-{found.new}")
    return response.make_conditional(request)


def _after() -> int:
    raw = request.args.get("after", "0")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        raise Invalid(N_("This must be a whole number."), field="after")
    return int(raw)
