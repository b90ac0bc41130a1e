"""The list for news by email. The address is the only personal datum kept here."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models

from careline.core import clock

# How long a link that asks "is this you?" works; an address nobody confirmed goes then.
CONFIRM_WITHIN = dt.timedelta(days=7)


def kept_for() -> dt.timedelta:
    """Return how long a consent counts before the address is deleted."""
    return dt.timedelta(days=settings.RETENTION_DAYS_EMAIL_SIGNUP)


class SubscriptionQuerySet(models.QuerySet["NewsSubscription"]):
    """Subscriptions, asked as questions."""

    def consenting(self, now: dt.datetime | None = None) -> "SubscriptionQuerySet":
        """Return those who may be sent news: consent given and its time not over."""
        moment = now or clock.now()
        return self.filter(consented_at__isnull=False, delete_after__gt=moment)

    def waiting(self, now: dt.datetime) -> "SubscriptionQuerySet":
        """Return those whose owner may still confirm."""
        return self.filter(consented_at__isnull=True, delete_after__gt=now)

    def due_for_deletion(self, now: dt.datetime) -> "SubscriptionQuerySet":
        """Return those whose retention clock has run out."""
        return self.filter(delete_after__lte=now)


class NewsSubscription(models.Model):
    """One address, unconfirmed until its owner follows the mailed link."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Lower case, so that one mailbox has one row.
    address = models.EmailField(max_length=254, unique=True)
    language = models.CharField(max_length=12)
    mailed_at = models.DateTimeField()
    consented_at = models.DateTimeField(null=True, blank=True)
    delete_after = models.DateTimeField(db_index=True)

    objects = SubscriptionQuerySet.as_manager()

    def __str__(self) -> str:
        # Never the address: this text may end in a log or an error page.
        return str(self.pk)
