"""On which days the visits of a course fall. Plain counting, without a database."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Phase:
    """Visits at one distance from each other. `times` None: they go on.

    `every_days` may be None only for a first phase of one visit.
    """

    every_days: int | None
    times: int | None


@dataclass(frozen=True)
class Course:
    """One way in which the visits for a drug follow each other."""

    phases: tuple[Phase, ...]

    @classmethod
    def of(cls, fact: Mapping[str, Sequence[Mapping[str, int]]]) -> "Course":
        """Return the course that a component's fact describes."""
        return cls(
            tuple(Phase(each.get("every_days"), each.get("times")) for each in fact["phases"])
        )

    def days(self, start: dt.date, end: dt.date) -> Iterator[dt.date]:
        """Yield the days of the visits, ascending, the first on `start`, none after `end`.

        A later phase begins its own distance after the last visit of the one before.
        """
        for offset in self._offsets((end - start).days):
            yield start + dt.timedelta(days=offset)

    def _offsets(self, most: int) -> Iterator[int]:
        day = 0
        for number, phase in enumerate(self.phases):
            step = phase.every_days or 0
            day += step if number else 0
            left = phase.times
            while day <= most and left != 0:
                yield day
                left = None if left is None else left - 1
                if left == 0 or not step:
                    break
                day += step


@dataclass(frozen=True)
class Visit:
    """One day at the clinic and the drugs of that day, in the regimen's order."""

    day: dt.date
    drugs: tuple[str, ...]


def visits(courses: Mapping[str, Course], start: dt.date, end: dt.date) -> list[Visit]:
    """Return the days on which any of the drugs is given, `end` included, ascending."""
    days: dict[dt.date, list[str]] = {}
    for drug, course in courses.items():
        for day in course.days(start, end):
            days.setdefault(day, []).append(drug)
    return [Visit(day, tuple(days[day])) for day in sorted(days)]
