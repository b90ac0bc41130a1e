"""What was agreed to be done after a contact, by whom and by which day."""

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from careline.accounts.models import Staff
from careline.contacts.enums import AttemptOutcome
from careline.core import clock
from careline.core.sealing.fields import SealedTextField


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Follow-ups, asked as questions."""

    def to_do(self) -> Self:
        """Return those that nobody has done, the first due at the front."""
        return self.filter(done_at=None).order_by("due_on", "pk")

    def of(self, staff: Staff) -> Self:
        """Return those that this person still has to do."""
        return self.to_do().filter(staff=staff)

    def due(self, on: dt.date | None = None) -> Self:
        """Return those to be done on the day (today in the service's zone) or before it."""
        return self.to_do().filter(due_on__lte=on or clock.today())

    def overdue(self, on: dt.date | None = None) -> Self:
        """Return those whose day has passed."""
        return self.to_do().filter(due_on__lt=on or clock.today())


class FollowUp(models.Model):
    """A promise to get in touch. It goes with the contact's words, done ones before that."""

    contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.CASCADE, related_name="follow_ups"
    )
    # Told apart from the contact's others, so that no row's words pass for another's.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("day"), db_index=True)
    what = SealedTextField(
        _("what"), blank=True, purpose="contacts.follow_up", bound_to=("contact_id", "key")
    )
    set_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=20, choices=AttemptOutcome.choices, blank=True)
    # Empty until it is done: a promise isn't forgotten before that.
    delete_after = models.DateTimeField(null=True, db_index=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")

    def __str__(self) -> str:
        return f"follow-up of {self.contact_id} by {self.due_on}"
