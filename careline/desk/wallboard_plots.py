"""The wallboard's plots as shapes on a plane: pure, so that the template only writes them down.

The plane is WIDTH by HEIGHT; x goes to the right, y down. Each plot has the same numbers as
the table below it.
"""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careline.contacts.figures import Figures, Quarter

WIDTH, HEIGHT = 360, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 352, 12, 140
_GAP = 0.2  # of a bar's width
_STEPS = (1, 2, 5)

Words = str | Promise


@dataclass(frozen=True)
class Tick:
    """A line across or a word below. `at` is y or x."""

    at: float
    value: Any


@dataclass(frozen=True)
class Bar:
    """One bar."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Line:
    """A line through points, broken where nothing is known; `style` names how it is drawn."""

    style: str
    name: Words
    paths: list[str]
    dots: list[tuple[float, float]]


@dataclass(frozen=True)
class Plot:
    """One plot: everything that the template writes down."""

    key: str
    title: Words
    unit: str
    levels: list[Tick]
    times: list[Tick]
    bars: list[Bar]
    lines: list[Line]
    target_y: float | None = None


@dataclass(frozen=True)
class _Axis:
    top: float
    levels: list[float]

    def y(self, value: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * min(value, self.top) / self.top, 1)

    def ticks(self) -> list[Tick]:
        return [Tick(self.y(level), level) for level in self.levels]


def plots(quarters: Sequence[Quarter], target: float) -> list[Plot]:
    """Return the plots of these quarters; `target` is the service level aimed at, from 0 to 1."""
    return [_arrivals(quarters), _waits(quarters), _levels(quarters, target)]


def _arrivals(quarters: Sequence[Quarter]) -> Plot:
    counts = [quarter.figures.opened for quarter in quarters]
    axis = axis_for(max(counts, default=0), least=4)
    slot = _slot(quarters)
    bars = [
        Bar(
            x=round(_LEFT + slot * (number + _GAP / 2), 1),
            y=axis.y(count),
            width=round(slot * (1 - _GAP), 1),
            height=round(_BOTTOM - axis.y(count), 1),
        )
        for number, count in enumerate(counts)
        if count
    ]
    title = _("Chats that began, by quarter of an hour")
    return Plot("arrivals", title, "count", axis.ticks(), _times(quarters), bars, [])


def _waits(quarters: Sequence[Quarter]) -> Plot:
    longest = max((q.figures.longest_wait or 0.0 for q in quarters), default=0.0)
    axis = axis_for(longest / 60, least=2)
    lines = [
        _line("longest", _("longest"), quarters, axis, _minutes(lambda f: f.longest_wait)),
        _line("median", _("median"), quarters, axis, _minutes(lambda f: f.median_wait)),
    ]
    title = _("Minutes until somebody answered")
    return Plot("waits", title, "minutes", axis.ticks(), _times(quarters), [], lines)


def _minutes(of: Callable[[Figures], float | None]) -> Callable[[Figures], float | None]:
    def minutes(figures: Figures) -> float | None:
        seconds = of(figures)
        return None if seconds is None else seconds / 60

    return minutes


def _levels(quarters: Sequence[Quarter], target: float) -> Plot:
    axis = _Axis(1.0, [0.0, 0.5, 1.0])
    name = _("answered in time")
    line = _line("level", name, quarters, axis, lambda figures: figures.service_level)
    title = _("Share answered in time")
    times = _times(quarters)
    return Plot("level", title, "share", axis.ticks(), times, [], [line], axis.y(target))


def _slot(quarters: Sequence[Quarter]) -> float:
    return (_RIGHT - _LEFT) / max(1, len(quarters))


def _line(
    style: str,
    name: Words,
    quarters: Sequence[Quarter],
    axis: _Axis,
    of: Callable[[Figures], float | None],
) -> Line:
    slot = _slot(quarters)
    runs: list[list[tuple[float, float]]] = [[]]
    for number, quarter in enumerate(quarters):
        value = of(quarter.figures)
        if value is None:
            runs.append([])
        else:
            runs[-1].append((round(_LEFT + slot * (number + 0.5), 1), axis.y(value)))
    known = [run for run in runs if run]
    return Line(style, name, [_path(run) for run in known], [dot for run in known for dot in run])


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def axis_for(most: float, *, least: int) -> _Axis:
    """Return an axis in round steps that holds `most`, with five levels at most."""
    most = max(most, least)
    magnitude = 10 ** math.floor(math.log10(most / 4))
    steps = (factor * magnitude * 10**power for power in (0, 1) for factor in _STEPS)
    step = next(each for each in steps if each * 4 >= most and each >= 1)
    count = math.ceil(most / step)
    return _Axis(step * count, [step * number for number in range(count + 1)])


def _times(quarters: Sequence[Quarter]) -> list[Tick]:
    """Return every full hour, fewer where there are many."""
    hours = [(n, q.starts_at) for n, q in enumerate(quarters) if q.starts_at.minute == 0]
    every = max(1, math.ceil(len(hours) / 6))
    return [Tick(round(_LEFT + _slot(quarters) * n, 1), at) for n, at in hours[::every]]


def most_at_once(quarters: Sequence[Quarter]) -> tuple[int, dt.datetime] | None:
    """Return the most arrivals in one quarter and when that was; None where nobody came."""
    busiest = max(quarters, key=lambda quarter: quarter.figures.opened, default=None)
    if busiest is None or not busiest.figures.opened:
        return None
    return busiest.figures.opened, busiest.starts_at
