"""Figures in the JSON API: the same verbs as the pages."""

from datetime import date

from pydantic import BaseModel

from accounts import spaces
from accounts.web import reading
from core import clock
from core.api import Endpoint
from core.web import site
from insights.months import Month
from insights.procedure_figures import Passage, of_procedure
from insights.space_figures import Parting, of_space


class MarkAnswer(BaseModel):
    """A version that was published in a month."""

    code: str
    version: int
    published_at: str


class MonthAnswer(BaseModel):
    """What was asked and answered in one month; hours are null where nobody replied."""

    month: date
    questions: int
    unanswered: int
    median_hours: float | None
    ninetieth_hours: float | None
    tips: int
    gaps: int
    new_voices: int
    versions: list[MarkAnswer]


class PartingAnswer(BaseModel):
    """A procedure in force beside its practice."""

    code: str
    title: str
    version: int
    in_force_from: date
    open_gaps: int
    questions_since: int
    waiting: int
    stale: int
    touched_at: str | None


class MissAnswer(BaseModel):
    """Words that were looked for in vain, and how often."""

    words: str
    times: int


class SpaceFiguresAnswer(BaseModel):
    """A space in figures."""

    months: list[MonthAnswer]
    procedures: list[PartingAnswer]
    median_hours: float | None
    ninetieth_hours: float | None
    waiting: int
    missed: list[MissAnswer]


class PassageAnswer(BaseModel):
    """Words of the rule with how much was said about them."""

    words: str
    questions: int
    questions_since: int
    open_gaps: int
    tips: int
    stale: int


class ProcedureFiguresAnswer(BaseModel):
    """A procedure in figures."""

    months: list[MonthAnswer]
    passages: list[PassageAnswer]
    elsewhere: int
    median_hours: float | None
    ninetieth_hours: float | None


def get_space(slug: str) -> dict:
    """Read a space in figures: by month, and by procedure."""
    session, actor = reading()
    figures = of_space(session, site().library, actor, spaces.by_slug(session, actor, slug))
    return {
        "months": [_month(one) for one in figures.months], "procedures": [_parting(one) for one in figures.partings],
        "median_hours": figures.median_h, "ninetieth_hours": figures.ninetieth_h, "waiting": figures.waiting,
        "missed": [{"words": one.words, "times": one.times} for one in figures.missed],
    }


def get_procedure(code: str) -> dict:
    """Read a procedure in figures: by month, and by passage."""
    session, actor = reading()
    figures = of_procedure(session, site().library, actor, code)
    return {
        "months": [_month(one) for one in figures.months], "passages": [_passage(one) for one in figures.passages],
        "elsewhere": figures.elsewhere, "median_hours": figures.median_h, "ninetieth_hours": figures.ninetieth_h,
    }


def _month(one: Month) -> dict:
    return {
        "month": one.first, "questions": one.questions, "unanswered": one.unanswered, "median_hours": one.median_h,
        "ninetieth_hours": one.ninetieth_h, "tips": one.tips, "gaps": one.gaps, "new_voices": one.voices,
        "versions": [{"code": mark.code, "version": mark.number, "published_at": clock.rfc3339(mark.at)} for mark in one.versions],
    }


def _parting(one: Parting) -> dict:
    return {
        "code": one.code, "title": one.title, "version": one.version, "in_force_from": one.since, "open_gaps": one.gaps,
        "questions_since": one.questions, "waiting": one.waiting, "stale": one.stale, "touched_at": one.touched_at,
    }


def _passage(one: Passage) -> dict:
    return {
        "words": one.words, "questions": one.questions, "questions_since": one.since, "open_gaps": one.gaps, "tips": one.tips,
        "stale": one.stale,
    }


ENDPOINTS = (
    Endpoint("GET", "/spaces/<slug>/insights", get_space, answer=SpaceFiguresAnswer),
    Endpoint("GET", "/procedures/<code>/insights", get_procedure, answer=ProcedureFiguresAnswer),
)
