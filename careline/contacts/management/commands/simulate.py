"""``careline simulate``: a year of the service on a virtual clock, through the same routing."""

import json
import math
import time
from argparse import ArgumentTypeError
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from careline.contacts.routing.simulation import report
from careline.contacts.routing.simulation.engine import Run, first_come, simulate
from careline.contacts.routing.simulation.plan import (
    SLOTS_A_DAY,
    Plan,
    Target,
    draw,
    open_slots,
    staffed,
    weekly_rates,
)
from careline.contacts.routing.simulation.questions import agrees, choices, enough
from careline.contacts.routing.simulation.results import occupancy, summary

ROUTED, FIRST_COME = "Careline's routing", "First come, first served"


class Command(BaseCommand):
    """Say what so many contacts would wait, and how many people an hour takes."""

    help = "Simulate a year of chats through the routing of the service, on a virtual clock."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the questions and the service that is simulated."""
        parser.add_argument("--contacts", type=_positive, default=200_000, help="in the year")
        parser.add_argument("--need", type=_hour, help='how many people, such as "monday 10:00"')
        parser.add_argument("--check", action="store_true", help="compare with Erlang C and A")
        parser.add_argument("--service-minutes", type=_number, default=15.0)
        parser.add_argument(
            "--patience-minutes", type=_number, default=8.0, help="0: nobody gives up"
        )
        parser.add_argument("--at-once", type=_positive, default=settings.CHAT_CAPACITY)
        parser.add_argument("--target", type=_target, default=Target(), help="such as 80/60")
        parser.add_argument("--bursts", type=int, default=6, help="days of news in the year")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--svg", type=Path, help="write the week as a drawing")
        parser.add_argument("--json", type=Path, help="write the figures of the year")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Answer the question that was asked; without one, simulate the year."""
        plan, target = _plan(options), options["target"]
        if options["check"]:
            self._say(report.checks(agrees(target, options["contacts"], options["seed"])))
        elif options["need"] is not None:
            self._need(plan, options["need"], target)
        else:
            self._year(plan, target, options)

    def _say(self, lines: Any) -> None:
        for line in lines:
            self.stdout.write(line)

    def _need(self, plan: Plan, slot: int, target: Target) -> None:
        found = choices(plan, slot, target)
        if not found:
            self.stdout.write("Chat is closed then.")
            return
        an_hour = plan.rates[slot] * 3_600
        self.stdout.write(
            f"{an_hour:.0f} contacts an hour; each person has up to {plan.capacity} at once."
        )
        self._say(report.needs(found))
        best = enough(found, target)
        wanted = f"{target.share:.0%} within {report.duration(target.seconds)}"
        if best:
            self.stdout.write(f"For {wanted}: {best.people} people who take contacts.")
        else:
            self.stdout.write(f"None of these reaches {wanted}.")

    def _year(self, plan: Plan, target: Target, options: dict[str, Any]) -> None:
        started = time.monotonic()
        arrivals = draw(plan)
        runs = {ROUTED: simulate(plan, arrivals)}
        seconds = time.monotonic() - started
        runs[FIRST_COME] = simulate(plan, arrivals, first_come)
        self.stdout.write(f"{len(arrivals):,} contacts simulated in {seconds:.1f} s.\n")
        self._say(report.year(runs, plan, target))
        self._say(report.week(runs[ROUTED], plan, target))
        if options["svg"]:
            options["svg"].write_text(report.drawing(runs, plan, target), encoding="utf-8")
        if options["json"]:
            figures = {name: _figures(run, target) for name, run in runs.items()}
            told = {"seconds": round(seconds, 2), "policies": figures}
            options["json"].write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _figures(run: Run, target: Target) -> dict[str, float]:
    return {**asdict(summary(run, target)), "occupancy": occupancy(run)}


def _plan(options: dict[str, Any]) -> Plan:
    rates = weekly_rates(options["contacts"], open_slots(settings.CHAT_HOURS))
    plan = Plan(
        rates=rates,
        weeks=52,
        service_seconds=options["service_minutes"] * 60,
        service_spread=0.9,
        patience_seconds=options["patience_minutes"] * 60 or math.inf,
        capacity=options["at_once"],
        bursts=options["bursts"],
        seed=options["seed"],
    )
    staffing = staffed(plan, options["target"])
    return Plan(**{**vars(plan), "staffing": staffing})


def _hour(words: str) -> int:
    """Read "monday 10:00" or "monday 10"; return the half hour of the week."""
    day, _space, at = words.strip().lower().partition(" ")
    hour, _colon, minute = at.partition(":")
    names = [name.lower() for name in report.DAYS]
    if day in names and hour.isdigit() and int(hour) < 24 and minute in ("", "00", "30"):
        return names.index(day) * SLOTS_A_DAY + int(hour) * 2 + (minute == "30")
    raise ArgumentTypeError('Say a day and a half hour, such as "monday 10:00".')


def _target(words: str) -> Target:
    """Read "80/60": 80 percent within 60 seconds."""
    share, _slash, seconds = words.partition("/")
    if share.isdigit() and 0 < int(share) < 100 and seconds.isdigit() and int(seconds) > 0:
        return Target(int(share) / 100, float(seconds))
    raise ArgumentTypeError("Say a share and seconds, such as 80/60.")


def _positive(words: str) -> int:
    if words.isdigit() and int(words) > 0:
        return int(words)
    raise ArgumentTypeError("Say a whole number from 1.")


def _number(words: str) -> float:
    try:
        number = float(words)
    except ValueError:
        number = -1.0
    if 0 <= number < 10_000:
        return number
    raise ArgumentTypeError("Say a number from 0.")
