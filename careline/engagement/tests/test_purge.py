"""Retention: each address goes when its clock has run out, and none before."""

import datetime as dt

import pytest
import time_machine

from careline.core import clock as service_clock
from careline.core.models import AuditEntry
from careline.engagement.models import NewsSubscription
from careline.engagement.retention import purge
from careline.engagement.tests.support import ADDRESS, PostOffice, confirmed

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(days=7)


def test_nothing_goes_before_its_time(
    post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    post_office.sign_up()

    assert purge(service_clock.now() + WEEK - dt.timedelta(seconds=1), dry_run=False) == 0
    assert NewsSubscription.objects.exists()


def test_a_dry_run_counts_and_deletes_nothing(
    post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    post_office.sign_up()

    assert purge(service_clock.now() + WEEK, dry_run=True) == 1
    assert NewsSubscription.objects.exists()


def test_who_never_confirmed_goes_after_a_week_and_who_did_stays(
    post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    confirmed(post_office)
    post_office.sign_up("never@example.org")

    assert purge(service_clock.now() + WEEK, dry_run=False) == 1
    assert NewsSubscription.objects.get().address == ADDRESS
    assert AuditEntry.objects.filter(action="engagement.purged").count() == 1


def test_consent_goes_after_the_days_that_the_setting_names(
    post_office: PostOffice, clock: time_machine.Traveller, settings: object
) -> None:
    settings.RETENTION_DAYS_EMAIL_SIGNUP = 30  # type: ignore[attr-defined]
    confirmed(post_office)
    now = service_clock.now()

    assert purge(now + dt.timedelta(days=29), dry_run=False) == 0
    assert purge(now + dt.timedelta(days=30), dry_run=False) == 1
    assert purge(now + dt.timedelta(days=30), dry_run=False) == 0
