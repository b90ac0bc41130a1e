"""What becomes of contacts whose words nobody can open any more."""

from collections.abc import Sequence

from django.db import transaction

from careline.contacts import retention
from careline.contacts.models import Contact, ContactDetails, ContactEvent
from careline.core import clock
from careline.core.sealing.rotation import forgets, unreadable


@forgets
def _forget(heads: Sequence[bytes], dry_run: bool) -> dict[str, int]:
    """Delete logs that can't be read whole, as at the end of their retention; and lost details."""
    events = unreadable(ContactEvent, heads)
    lost = Contact.objects.filter(pk__in=events.values("contact"), transcript_purged_at=None)
    if dry_run:
        return {
            "contact details": unreadable(ContactDetails, heads).count(),
            "transcripts": lost.count(),
        }
    with transaction.atomic():
        details, _by_model = ContactDetails.objects.filter(
            pk__in=list(unreadable(ContactDetails, heads).values_list("pk", flat=True))
        ).delete()
        ids = list(lost.select_for_update().values_list("pk", flat=True))
        return {
            "contact details": details,
            "transcripts": retention.delete_words(ids, clock.now()),
        }
