"""The resource directory: a thin HSDS 3 (Human Services Data Specification).

Words that differ by language are JSON maps ({"en": …, "es": …}), so that a
language needs no migration. HSDS leaves a service's assurance optional; here
`assured_on` and `assured_by` are required, and old assurance hides a service.
"""

import datetime as dt

from django.conf import settings
from django.db import models

from careline.core import clock
from careline.referrals.enums import PhoneKind, ServiceStatus

Words = dict[str, str]


def assured_days() -> int:
    """Return for how many days an assurance counts (RESOURCE_ASSURED_DAYS)."""
    return int(settings.RESOURCE_ASSURED_DAYS)


class Organization(models.Model):
    """Who offers services."""

    key = models.SlugField(max_length=80, unique=True)
    name = models.JSONField()
    url = models.URLField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.key


class NeedTerm(models.Model):
    """A taxonomy term: which taxonomy it is from is said by its URI alone."""

    key = models.SlugField(max_length=80, unique=True)
    uri = models.CharField(max_length=500)
    label = models.JSONField()
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.key


class ServiceQuerySet(models.QuerySet["Service"]):
    """Services, asked as questions."""

    def shown(self, on: dt.date | None = None) -> "ServiceQuerySet":
        """Return those that people may see on the day (today in the service's zone).

        Equal to `Service.is_shown`, by a test.
        """
        day = on or clock.today()
        oldest = day - dt.timedelta(days=assured_days())
        return self.filter(status=ServiceStatus.ACTIVE, assured_on__gte=oldest, assured_on__lte=day)

    def meeting(self, need: str) -> "ServiceQuerySet":
        """Return those tagged with the need term of this key."""
        return self.filter(needs__key=need)

    def in_language(self, code: str) -> "ServiceQuerySet":
        """Return those that serve people in this language themselves."""
        return self.filter(languages__code=code)

    def with_details(self) -> "ServiceQuerySet":
        """Fetch what a list shows, in a fixed number of queries."""
        return self.select_related("organization").prefetch_related("phones", "languages", "needs")


class Service(models.Model):
    """What an organization offers, to whom, and when somebody last assured it."""

    key = models.SlugField(max_length=80, unique=True)
    pack = models.SlugField(max_length=80, db_index=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="services"
    )
    name = models.JSONField()
    description = models.JSONField()
    eligibility = models.JSONField(default=dict, blank=True)
    fees = models.JSONField(default=dict, blank=True)
    interpretation = models.JSONField(default=dict, blank=True)
    url = models.URLField(max_length=500, blank=True)
    # ISO 3166-1 or 3166-2: "US", "US-IL".
    coverage = models.CharField(max_length=10)
    needs = models.ManyToManyField(NeedTerm, related_name="services")
    status = models.CharField(
        max_length=10, choices=ServiceStatus.choices, default=ServiceStatus.ACTIVE
    )
    assured_on = models.DateField(db_index=True)
    assured_by = models.CharField(max_length=120)
    demonstration = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    # Of the entry it was loaded from, so that loading again writes nothing.
    fingerprint = models.CharField(max_length=64)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["position", "key"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(assured_by=""), name="service_is_assured_by_somebody"
            )
        ]

    def __str__(self) -> str:
        return self.key

    def is_shown(self, on: dt.date | None = None) -> bool:
        """Return whether people may see this service on the day (today by default)."""
        age = ((on or clock.today()) - self.assured_on).days
        return self.status == ServiceStatus.ACTIVE and 0 <= age <= assured_days()


class ServiceLanguage(models.Model):
    """That a service's own people or pages speak a language (BCP 47 code)."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="languages")
    code = models.CharField(max_length=12)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "code"], name="one_row_per_service_and_language"
            )
        ]

    def __str__(self) -> str:
        return self.code


class Phone(models.Model):
    """One number of a service."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="phones")
    # As dialled: digits and hyphens. `shown_as` is for letters, as in 1-800-4-CANCER.
    number = models.CharField(max_length=30)
    shown_as = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, choices=PhoneKind.choices, default=PhoneKind.VOICE)
    note = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.number

    @property
    def href(self) -> str:
        """The link that dials or texts it (RFC 3966, RFC 5724)."""
        digits = "".join(char for char in self.number if char.isdigit())
        dialled = f"+{digits}" if len(digits) > 10 else digits
        scheme = "sms" if self.kind == PhoneKind.TEXT else "tel"
        return f"{scheme}:{dialled}"
