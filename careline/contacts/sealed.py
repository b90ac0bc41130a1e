"""What becomes of contacts whose words nobody can open any more."""

from collections.abc import Sequence

from django.db import transaction

from careline.contacts import retention
from careline.contacts.attachment_models import Attachment, AttachmentPart
from careline.contacts.followups_models import FollowUp
from careline.contacts.models import Contact, ContactDetails, ContactEvent
from careline.core import clock
from careline.core.sealing.rotation import forgets, unreadable


@forgets
def _forget(heads: Sequence[bytes], dry_run: bool) -> dict[str, int]:
    """Delete logs that can't be read whole, as at the end of their retention.

    And details and follow-ups of which nobody can say any more what they were.
    """
    events = unreadable(ContactEvent, heads)
    lost = Contact.objects.filter(pk__in=events.values("contact"), transcript_purged_at=None)
    promises = unreadable(FollowUp, heads)
    files = Attachment.objects.filter(parts__in=unreadable(AttachmentPart, heads)).distinct()
    if dry_run:
        return {
            "follow-ups": promises.count(),
            "attachments": files.count(),
            "contact details": unreadable(ContactDetails, heads).count(),
            "transcripts": lost.count(),
        }
    with transaction.atomic():
        promised, _of_model = FollowUp.objects.filter(
            pk__in=list(promises.values_list("pk", flat=True))
        ).delete()
        details, _by_model = ContactDetails.objects.filter(
            pk__in=list(unreadable(ContactDetails, heads).values_list("pk", flat=True))
        ).delete()
        ids = list(lost.select_for_update().values_list("pk", flat=True))
        lost_files = list(files.values_list("pk", flat=True))
        Attachment.objects.filter(pk__in=lost_files).delete()
        return {
            "follow-ups": promised,
            "attachments": len(lost_files),
            "contact details": details,
            "transcripts": retention.delete_words(ids, clock.now()),
        }
