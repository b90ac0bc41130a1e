"""A service is shown only while somebody's assurance is fresh; one rule, said twice, equal."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from careline.referrals.enums import ServiceStatus
from careline.referrals.models import Service
from careline.referrals.tests.factories import make_service

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 20)


def test_a_service_without_assurance_cannot_be_stored() -> None:
    for missing in ({"assured_on": None}, {"assured_by": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_service(**missing)


@pytest.mark.parametrize(
    ("age", "shown"), [(-1, False), (0, True), (365, True), (366, False), (4000, False)]
)
def test_old_and_future_assurance_hides_a_service(age: int, shown: bool) -> None:
    service = make_service(assured_on=DAY - dt.timedelta(days=age))

    assert service.is_shown(DAY) is shown
    assert Service.objects.shown(DAY).exists() is shown


def test_a_withdrawn_service_is_hidden() -> None:
    service = make_service(status=ServiceStatus.INACTIVE)

    assert not service.is_shown()
    assert not Service.objects.shown().exists()


def test_the_setting_says_how_long_assurance_counts(settings: object) -> None:
    settings.RESOURCE_ASSURED_DAYS = 30  # type: ignore[attr-defined]
    make_service("old", days_ago=31)
    fresh = make_service("fresh", days_ago=30)

    assert list(Service.objects.shown()) == [fresh]


def test_the_predicate_and_the_queryset_agree() -> None:
    service = make_service()

    @given(
        age=st.integers(-500, 900),
        status=st.sampled_from(ServiceStatus.values),
        day=st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)),
    )
    def agree(age: int, status: str, day: dt.date) -> None:
        service.assured_on, service.status = day - dt.timedelta(days=age), status
        service.save()
        assert service.is_shown(day) == Service.objects.shown(day).exists()

    agree()
