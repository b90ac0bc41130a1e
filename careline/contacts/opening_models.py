"""When chat is open, as rows that supervisors edit; contacts.opening_plan says what they mean."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from careline.contacts.enums import OneOffKind
from careline.core import clock


class OpeningHours(models.Model):
    """The hours of one weekday. A weekday without a row has those of the settings."""

    weekday = models.PositiveSmallIntegerField(unique=True)  # 0 is Monday
    # "HH:MM-HH:MM" on the service's clock, spaces between; empty is closed.
    spans = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"{self.weekday} {self.spans}"


class OneOff(models.Model):
    """A stretch of time in which chat is closed, or open, whatever the week says."""

    kind = models.CharField(max_length=10, choices=OneOffKind.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    # Language -> what visitors read.
    reasons: Any = models.JSONField(default=dict)

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="one_off_has_time")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_at} {self.ends_at}"


class EarlyClosing(models.Model):
    """One press of "close now". It holds until somebody opens again."""

    closed_at = models.DateTimeField(default=clock.now)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reasons: Any = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"closed {self.closed_at} opened {self.opened_at}"


class OpeningVersion(models.Model):
    """One row with a token that every change of the rows above replaces, for caches to ask."""

    token = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.token
