"""The shapes of the desk in the JSON API."""

from core import clock
from desk.desk import Desk, Hidden
from desk.disagreeing import Disagreement
from desk.newcomers import Newcomer
from discussions.lists import Listed
from discussions.reporting import Reported
from discussions.routing import Helper
from discussions.waiting import Waiting
from search.missed import Missed


def desk_shape(desk: Desk) -> dict:
    """Return a desk."""
    return {
        "space": desk.space.slug,
        "unanswered": [thread_line(one) | {"helpers": helpers(desk, one)} for one in desk.unanswered],
        "newcomers": [_newcomer(one) for one in desk.newcomers],
        "disagreements": [_disagreement(one) for one in desk.disagreements],
        "checks": [waiting_shape(one) for one in desk.checks.items], "checks_total": desk.checks.total,
        "reports": [_report(one) for one in desk.reports],
        "missed": [missed_shape(one) for one in desk.missed],
        "inbox": [
            thread_line(one.thread) | {"proposed": one.proposed.code if one.proposed else None} for one in desk.inbox
        ],
        "inbox_total": desk.inbox_total,
        "gaps": [thread_line(one.thread) | {"overdue": one.is_overdue} for one in desk.gaps],
        "hidden": [hidden_shape(one) for one in desk.hidden],
    }


def thread_line(one: Listed) -> dict:
    """Return a thread as it stands in a list."""
    return {
        "thread": one.id, "kind": one.kind, "state": one.state, "heading": one.heading, "opened_by": one.opener,
        "opened_at": clock.rfc3339(one.opened_at), "code": one.code, "space": one.space.slug,
    }


def waiting_shape(one: Waiting) -> dict:
    """Return a thread that waits for a check."""
    return thread_line(one.thread) | {
        "version": one.version, "quote": one.quote, "anchor": one.anchor, "now": one.words,
    }


def missed_shape(one: Missed) -> dict:
    """Return a search that found nothing."""
    return {"id": one.id, "words": one.words, "times": one.times, "last_at": clock.rfc3339(one.last_at)}


def hidden_shape(one: Hidden) -> dict:
    """Return something that was hidden: a thread, or one message of it."""
    return {
        "thread": one.thread_id, "post": one.post_id, "heading": one.heading, "by": one.by, "at": clock.rfc3339(one.at),
        "reason": one.reason,
    }


def helpers(desk: Desk, one: Listed) -> list[dict]:
    """Return who may know an answer, who helped most first."""
    return [_helper(helper) for helper in desk.helpers.get(one.code or "", ())]


def _helper(one: Helper) -> dict:
    return {"id": one.id, "name": one.name, "accepted": one.accepted, "useful": one.useful}


def _newcomer(one: Newcomer) -> dict:
    person = {"person": {"id": one.id, "name": one.name}, "team": one.team, "post": one.post_id, "at": clock.rfc3339(one.at)}
    return person | {"words": one.words, "opened": one.opened, "thread": one.thread.id, "heading": one.thread.heading}


def _disagreement(one: Disagreement) -> dict:
    return thread_line(one.thread) | {"between": [one.one, one.other], "on": "verdict" if one.by_verdict else "answers"}


def _report(one: Reported) -> dict:
    report = one.report
    return {
        "id": report.id, "post": report.post_id, "thread": one.thread.id, "heading": one.thread.heading, "author": one.author,
        "by": one.reporter, "word": report.word, "at": clock.rfc3339(report.at), "body": one.post.body,
    }
