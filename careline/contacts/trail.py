"""Who on the staff looked at which conversation: a row of the audit trail for each look."""

import datetime as dt

from careline.accounts.models import Staff
from careline.contacts.models import Contact
from careline.core import audit, clock
from careline.core.models import AuditEntry

VIEW = "contact.view"
# A page that is open asks again and again for what is new: that is still the same look.
_ONE_LOOK = dt.timedelta(hours=1)


def note_view(contact: Contact, *, acting_user: Staff) -> None:
    """Add a row: this person opened the conversation."""
    audit.record(VIEW, contact, acting_user=acting_user)


def note_reading_on(contact: Contact, *, acting_user: Staff) -> None:
    """Add a row unless this person's last look at the conversation was within the hour.

    For what reads beside the page, the stream and the pieces that scripts fetch: nobody
    reads by them alone without a trace.
    """
    since = clock.now() - _ONE_LOOK
    looks = AuditEntry.objects.filter(action=VIEW, actor=acting_user, at__gte=since)
    if not looks.filter(subject_id=str(contact.pk)).exists():
        note_view(contact, acting_user=acting_user)
