"""Counting visits: properties for any course, and the plans of the pack day by day."""

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from careline.site.explore.months import last_day
from careline.site.explore.visits import Course, Phase, visits

START = dt.date(2026, 12, 1)
END = dt.date(2027, 5, 31)
ENDING = st.builds(Phase, st.integers(1, 60), st.integers(1, 6))
LASTING = st.builds(Phase, st.integers(1, 60), st.none())
COURSES = st.builds(
    lambda ending, last: Course((*ending, last)), st.lists(ENDING, max_size=3), ENDING | LASTING
)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 1, 1))


def days(course: Course) -> list[dt.date]:
    return list(course.days(START, END))


def every(weeks: int, *, times: int | None = None) -> Phase:
    return Phase(weeks * 7, times)


@given(COURSES, DAYS, st.integers(0, 800))
def test_days_ascend_from_the_first_and_stay_within(course: Course, start: dt.date, n: int) -> None:
    end = start + dt.timedelta(days=n)

    found = list(course.days(start, end))

    assert found[0] == start
    assert found[-1] <= end
    assert all(one < other for one, other in pairwise(found))


@given(COURSES)
def test_every_distance_is_one_that_the_course_names(course: Course) -> None:
    named = {phase.every_days for phase in course.phases}

    assert {(other - one).days for one, other in pairwise(days(course))} <= named


@given(st.lists(ENDING, min_size=1, max_size=4))
def test_a_course_that_ends_has_as_many_visits_as_it_says(phases: list[Phase]) -> None:
    found = list(Course(tuple(phases)).days(START, START + dt.timedelta(days=5000)))

    assert len(found) == sum(phase.times or 0 for phase in phases)


@given(DAYS, st.integers(1, 24))
def test_the_last_day_ends_a_month(start: dt.date, months: int) -> None:
    end = last_day(start, months)

    assert (end + dt.timedelta(days=1)).day == 1
    assert (end.year - start.year) * 12 + end.month - start.month == months - 1


def test_one_dose_on_day_one_and_then_the_other_drug_alone() -> None:
    found = visits(
        {"durvalumab": Course((every(4),)), "tremelimumab": Course((Phase(None, 1),))}, START, END
    )

    assert found[0].drugs == ("durvalumab", "tremelimumab")
    assert {visit.drugs for visit in found[1:]} == {("durvalumab",)}
    assert [visit.day for visit in found[:3]] == [
        START,
        dt.date(2026, 12, 29),
        dt.date(2027, 1, 26),
    ]


def test_four_shared_visits_and_then_one_drug_at_another_pace() -> None:
    nivolumab = Course((every(3, times=4), every(4)))

    found = visits({"nivolumab": nivolumab, "ipilimumab": Course((every(3, times=4),))}, START, END)

    both = [visit.day for visit in found if len(visit.drugs) == 2]
    alone = [visit.day for visit in found if visit.drugs == ("nivolumab",)]
    assert [(day - START).days for day in both] == [0, 21, 42, 63]
    assert [(day - START).days for day in alone] == [91, 119, 147, 175]


def test_a_fact_without_a_distance_ends_after_its_first_visit() -> None:
    assert days(Course((Phase(None, None),))) == [START]
