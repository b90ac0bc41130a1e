"""Reminders of review dates: once each, 60, 30 and 0 days before, without a word of a page."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from careline.accounts.models import Staff
from careline.content.actions import remind_of_reviews, withdraw
from careline.content.enums import PageState
from careline.content.models import Approval, ReviewedPage, ReviewReminder
from careline.content.states import standing_of
from careline.content.tests.conftest import page_named, signed_in
from careline.core.periodic import all_jobs

DUE = dt.date(2026, 12, 31)


@pytest.fixture
def due(page: ReviewedPage) -> ReviewedPage:
    """One page of the pack is due on a day that is near; the others much later."""
    Approval.objects.filter(page=page.pk).update(review_due=DUE)
    return page_named("how-it-works")


def on(days_before: int) -> int:
    return remind_of_reviews(DUE - dt.timedelta(days=days_before))


def test_nothing_is_said_before_its_time_or_of_a_withdrawn_page(
    due: ReviewedPage, editor: Staff
) -> None:
    assert on(61) == 0
    withdraw(due, acting_user=editor)
    assert on(0) == 0
    assert not ReviewReminder.objects.exists()


def test_each_reminder_is_made_once(due: ReviewedPage) -> None:
    made = [on(days) for days in (60, 60, 59, 31, 30, 30, 1, 0, -1, -100)]
    assert made == [1, 0, 0, 0, 1, 0, 0, 1, 0, 0]
    assert [each.days for each in ReviewReminder.objects.all()] == [60, 30, 0]


def test_a_worker_that_stood_still_makes_the_nearest_only(due: ReviewedPage) -> None:
    assert on(5) == 1
    assert ReviewReminder.objects.get().days == 30


def test_a_sentence_that_is_due_earlier_counts(due: ReviewedPage) -> None:
    earlier = Approval.objects.create(
        page=due, reviewer_name="R", reviewed_on=DUE, review_due=DUE - dt.timedelta(days=40)
    )
    due.sentences.filter(label="fever").update(approval=earlier)
    assert on(100) == 1


def test_mail_goes_out_only_if_set_up_and_holds_no_text(
    due: ReviewedPage, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        on(60)
    assert not mail.outbox
    with (
        override_settings(REVIEW_REMINDERS_TO=["editors@example.org"]),
        django_capture_on_commit_callbacks(execute=True),
    ):
        on(30)
    message = mail.outbox[0]
    assert message.to == ["editors@example.org"]
    assert "1 page is due within 30 days." in message.body
    assert reverse("reviews") in message.body
    assert due.title not in f"{message.subject} {message.body}"


def test_the_list_shows_what_is_due(due: ReviewedPage, editor: Staff) -> None:
    with time_machine.travel(dt.datetime(2026, 12, 1, 18, tzinfo=dt.UTC)):
        assert standing_of(due).public is PageState.PUBLISHED
        text = signed_in(editor).get(reverse("reviews")).content.decode()
        assert "Review due within 60 days (1)" in text
    with time_machine.travel(dt.datetime(2026, 12, 31, 18, tzinfo=dt.UTC)):
        assert standing_of(due).public is PageState.REVIEW_DUE
        assert "due today" in signed_in(editor).get(reverse("reviews")).content.decode()


def test_an_overdue_page_says_so_to_readers(due: ReviewedPage) -> None:
    with time_machine.travel(dt.datetime(2027, 1, 2, 18, tzinfo=dt.UTC)):
        assert Client().get("/en/how-it-works/").status_code == 200
        assert not any(each.is_approved() for each in due.sentences.all())


def test_the_worker_runs_it() -> None:
    assert "careline.content.periodic.review_reminders" in {job.name for job in all_jobs()}
