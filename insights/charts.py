"""Figures as a drawing: where bars, marks and labels stand in a box of 640 by 180. The table beside it says the same in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from insights.months import Mark, Month

WIDTH, HEIGHT = 640, 180
_LEFT, _TOP, _BOTTOM = 36, 20, 24
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Bar:
    """One bar of a month, from the ground or on top of another."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True)
class Label:
    """A month under its bars, or a value beside its line; `at` is the place along its edge."""

    at: float
    value: object


@dataclass(frozen=True)
class Line:
    """Where versions were published, in the month whose left edge is at `x`."""

    x: float
    versions: tuple[Mark, ...]


@dataclass(frozen=True)
class Chart:
    """A drawing of twelve months."""

    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    months: tuple[Label, ...]
    values: tuple[Label, ...]
    width: int = WIDTH
    height: int = HEIGHT
    ground: float = HEIGHT - _BOTTOM
    left: int = _LEFT

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw but versions."""
        return not self.bars


def stacked(months: Sequence[Month], kinds: Sequence[tuple[str, Callable[[Month], float]]]) -> Chart:
    """Return bars that stand on each other, one stack a month."""
    return _chart(months, kinds, top=max((sum(of(month) for _, of in kinds) for month in months), default=0), stack=True)


def layered(months: Sequence[Month], kinds: Sequence[tuple[str, Callable[[Month], float]]]) -> Chart:
    """Return bars that stand in front of each other, the first one at the back."""
    return _chart(months, kinds, top=max((of(month) for month in months for _, of in kinds), default=0), stack=False)


def _chart(months: Sequence[Month], kinds, *, top: float, stack: bool) -> Chart:
    step = _step(top)
    most = max(step * 4, top)
    room, column = HEIGHT - _TOP - _BOTTOM, (WIDTH - _LEFT) / max(len(months), 1)
    bars = []
    for position, month in enumerate(months):
        ground = HEIGHT - _BOTTOM
        for kind, of in kinds:
            height = round(of(month) / most * room, 1)
            if height:
                bars.append(Bar(round(_LEFT + position * column + column * 0.2, 1), round(ground - height, 1), round(column * 0.6, 1), height, kind))
            ground -= height if stack else 0
    return Chart(
        bars=tuple(bars),
        lines=tuple(Line(round(_LEFT + position * column + column / 2, 1), month.versions) for position, month in enumerate(months) if month.versions),
        months=tuple(Label(round(_LEFT + position * column + column / 2, 1), month.first) for position, month in enumerate(months)),
        values=tuple(Label(round(HEIGHT - _BOTTOM - value / most * room, 1), value) for value in range(0, int(most) + 1, step)),
    )


def _step(top: float) -> int:
    """Return a round step of which about four reach the top."""
    unit = 1
    while True:
        for step in _STEPS:
            if step * unit * 4 >= top:
                return step * unit
        unit *= 10
