"""Who does what as a matrix: a row per task, a column per role, and the delay where they meet."""

from collections.abc import Sequence
from dataclasses import dataclass

from advice.duties import Duty


@dataclass(frozen=True)
class Column:
    """A role of a matrix: its one name, and how it is written first."""

    slug: str
    role: str


@dataclass(frozen=True)
class Line:
    """A task, and per column the delay; None where the role has no part in it, '' where no delay is said."""

    task: str
    delays: tuple[str | None, ...]


@dataclass(frozen=True)
class Matrix:
    """Who does what, in the order of the text."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


def matrix(duties: Sequence[Duty]) -> Matrix:
    """Return duties as a matrix; the same task asked of several roles is one line."""
    columns: dict[str, Column] = {}
    tasks: dict[str, dict[str, str]] = {}
    for duty in duties:
        columns.setdefault(duty.slug, Column(duty.slug, duty.role))
        met = tasks.setdefault(duty.task, {})
        met[duty.slug] = f"{met[duty.slug]}; {duty.delay}" if met.get(duty.slug) else duty.delay
    lines = tuple(Line(task, tuple(met.get(slug) for slug in columns)) for task, met in tasks.items())
    return Matrix(tuple(columns.values()), lines)
