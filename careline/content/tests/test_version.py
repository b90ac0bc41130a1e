"""The number by which others notice that something approved has changed."""

import datetime as dt

import pytest
import time_machine
from django.db import transaction

from careline.content import version


@pytest.mark.django_db
def test_it_starts_at_nothing_and_grows() -> None:
    assert version.current() == 0
    version.bump()
    version.bump()
    assert version.current() == 2


@pytest.mark.django_db
def test_a_change_that_is_undone_leaves_it_alone() -> None:
    version.bump()
    with pytest.raises(RuntimeError), transaction.atomic():
        version.bump()
        raise RuntimeError
    assert version.current() == 1


@pytest.mark.django_db
def test_what_is_remembered_is_made_anew_for_other_content_and_another_day() -> None:
    made: list[str] = []

    @version.remembered(most=2)
    def greeting(name: str) -> int:
        made.append(name)
        return len(made)

    day = dt.datetime(2026, 11, 2, 18, tzinfo=dt.UTC)
    with time_machine.travel(day, tick=False):
        assert [greeting("Ann"), greeting("Bo"), greeting("Ann")] == [1, 2, 1]
        version.bump()
        assert greeting("Ann") == 3
    with time_machine.travel(day + dt.timedelta(days=1), tick=False):
        assert [greeting("Ann"), greeting("Ann")] == [4, 4]
    version.forget()
    with time_machine.travel(day + dt.timedelta(days=1), tick=False):
        assert greeting("Ann") == 5
