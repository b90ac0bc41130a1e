"""The simulation's answers as lines of text and as a drawing (SVG)."""

import math
from collections.abc import Iterable, Iterator, Mapping

from careline.contacts.routing.simulation.engine import Run
from careline.contacts.routing.simulation.plan import SLOTS_A_DAY, Plan, Target
from careline.contacts.routing.simulation.questions import Check, Choice
from careline.contacts.routing.simulation.results import (
    Summary,
    by_slot,
    in_danger,
    occupancy,
    speaking,
    summary,
)

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_STEPS = " ▁▂▃▄▅▆▇█"


def duration(seconds: float) -> str:
    """Return seconds as people say them."""
    if math.isinf(seconds):
        return "endless"
    whole = round(seconds)
    return f"{whole} s" if whole < 100 else f"{whole // 60} min {whole % 60:02d} s"


def year(runs: Mapping[str, Run], plan: Plan, target: Target) -> Iterator[str]:
    """Yield the comparison of policies over the whole run, group by group."""
    head = (
        f"{'':34}{'contacts':>9}{'mean wait':>14}{'9 of 10':>14}"
        f"{'in ' + duration(target.seconds):>9}{'gave up':>9}{'closed':>8}"
    )
    for name, run in runs.items():
        yield f"{name}: people busy {occupancy(run):.0%} of their time, " + (
            f"{run.offers:,} offers, {run.passed_on:,} passed on"
        )
        yield head
        yield _line("everybody", summary(run, target))
        yield _line("signs of danger", summary(run, target, in_danger(run)))
        for language, _share in plan.languages:
            yield _line(f"language {language}", summary(run, target, speaking(run, language)))
        yield ""


def _line(who: str, found: Summary) -> str:
    return (
        f"  {who:<32}{found.contacts:>9,}{duration(found.mean_wait):>14}"
        f"{duration(found.tenth_longest):>14}{found.service_level:>9.1%}"
        f"{found.abandoned:>9.1%}{found.unserved:>8.1%}"
    )


def week(run: Run, plan: Plan, target: Target) -> Iterator[str]:
    """Yield the week as bars: arrivals and mean wait by half hour, and who is there."""
    found = by_slot(run, target)
    most = max((figures.contacts for figures in found.values()), default=1)
    longest = max((figures.mean_wait for figures in found.values()), default=1.0) or 1.0
    yield f"One bar for each half hour. Tallest: {most / plan.weeks:.0f} contacts, " + (
        f"{duration(longest)} of mean wait, {max(plan.staffing)} people."
    )
    first, last = _open_hours(found)
    yield f"{'':20}{_clock(first)} to {_clock(last)}"
    for day, name in enumerate(DAYS):
        slots = range(day * SLOTS_A_DAY + first, day * SLOTS_A_DAY + last)
        if not any(slot in found for slot in slots):
            continue
        counts = [found[slot].contacts / most if slot in found else 0.0 for slot in slots]
        waits = [found[slot].mean_wait / longest if slot in found else 0.0 for slot in slots]
        people = [plan.staffing[slot] / max(plan.staffing) for slot in slots]
        yield f"{name:<10} contacts  {_bars(counts)}"
        yield f"{'':<10} people    {_bars(people)}"
        yield f"{'':<10} wait      {_bars(waits)}"


def _open_hours(found: Iterable[int]) -> tuple[int, int]:
    of_day = [slot % SLOTS_A_DAY for slot in found] or [0]
    return min(of_day), max(of_day) + 1


def _clock(half_hour: int) -> str:
    return f"{half_hour // 2:02d}:{half_hour % 2 * 30:02d}"


def _bars(shares: Iterable[float]) -> str:
    top = len(_STEPS) - 1
    return "".join(_STEPS[min(top, math.ceil(max(0.0, share) * top))] for share in shares)


def checks(found: Iterable[Check]) -> Iterator[str]:
    """Yield the comparison with Erlang C and A."""
    yield f"{'people':>7}{'patience':>14}{'contacts':>10}{'mean wait':>14}{'theory':>14}" + (
        f"{'off by':>9}{'in time':>9}{'theory':>9}{'gave up':>9}{'theory':>9}"
    )
    for check in found:
        patience = check.patience_seconds
        yield (
            f"{check.people:>7}{duration(patience):>14}{check.contacts:>10,}"
            f"{duration(check.found.mean_wait):>14}{duration(check.theory.mean_wait):>14}"
            f"{check.error:>9.1%}{check.found.service_level:>9.1%}"
            f"{check.theory.service_level:>9.1%}{check.found.abandoned:>9.1%}"
            f"{check.theory.abandoned:>9.1%}"
        )


def needs(found: Iterable[Choice]) -> Iterator[str]:
    """Yield what each number of people comes to."""
    yield f"{'people':>7}{'in time':>9}{'mean wait':>14}{'9 of 10':>14}{'gave up':>9}" + (
        f"{'busy':>7}{'Erlang: in time':>17}{'gave up':>9}"
    )
    for choice in found:
        figures, theory = choice.found, choice.theory
        yield (
            f"{choice.people:>7}{figures.service_level:>9.1%}{duration(figures.mean_wait):>14}"
            f"{duration(figures.tenth_longest):>14}{figures.abandoned:>9.1%}"
            f"{choice.occupancy:>7.0%}{theory.service_level:>17.1%}{theory.abandoned:>9.1%}"
        )


_WIDTH, _HEIGHT, _MARGIN = 960, 120, 40


def drawing(runs: Mapping[str, Run], plan: Plan, target: Target) -> str:
    """Return the week as an SVG: people and contacts, and the mean wait under each policy."""
    found = {name: by_slot(run, target) for name, run in runs.items()}
    first = next(iter(found.values()))
    contacts = {slot: figures.contacts / plan.weeks for slot, figures in first.items()}
    people = {slot: float(plan.staffing[slot]) for slot in first}
    parts = [
        _panel(0, "Contacts in each half hour of the week", {"contacts": contacts}),
        _panel(1, "People at the desk", {"people": people}),
        _panel(
            2,
            "Mean wait in seconds",
            {name: {s: f.mean_wait for s, f in slots.items()} for name, slots in found.items()},
        ),
    ]
    height = 3 * (_HEIGHT + _MARGIN) + _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        'font-family="sans-serif" font-size="12">'
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


_COLOURS = ("#1b5e9a", "#b3541e")


def _panel(row: int, title: str, series: Mapping[str, Mapping[int, float]]) -> str:
    top = _MARGIN + row * (_HEIGHT + _MARGIN)
    most = max((value for line in series.values() for value in line.values()), default=1.0) or 1.0
    lines = "".join(
        _bars_of(line, most, top, _COLOURS[number % 2], number)
        for number, line in enumerate(series.values())
    )
    legend = ", ".join(
        f'<tspan fill="{_COLOURS[number % 2]}">{name}</tspan>' for number, name in enumerate(series)
    )
    days = "".join(
        f'<text x="{_x(day * SLOTS_A_DAY):.0f}" y="{top + _HEIGHT + 14}">{name}</text>'
        for day, name in enumerate(DAYS)
    )
    base = top + _HEIGHT
    return (
        f'<text x="{_MARGIN}" y="{top - 8}">{title}, up to {most:.0f}: {legend}</text>'
        f'<path d="M{_MARGIN} {base}H{_WIDTH - _MARGIN}" stroke="#777"/>{lines}{days}'
    )


def _x(slot: int) -> float:
    return _MARGIN + slot * (_WIDTH - 2 * _MARGIN) / (7 * SLOTS_A_DAY)


def _bars_of(line: Mapping[int, float], most: float, top: int, colour: str, shift: int) -> str:
    marks = "".join(
        f"M{_x(slot) + shift:.1f} {top + _HEIGHT}v{-value / most * _HEIGHT:.1f}"
        for slot, value in sorted(line.items())
    )
    return f'<path d="{marks}" stroke="{colour}" stroke-width="1.4"/>'
