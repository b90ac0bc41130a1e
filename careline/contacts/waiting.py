"""Where a waiting visitor stands."""

from django.db.models import Q

from careline.contacts.enums import Status
from careline.contacts.models import Contact


def place_of(contact: Contact) -> int | None:
    """Return the contact's place among those waiting on its channel, from 1; None if it isn't.

    The order is the queue's: danger first, then who has waited longest.
    """
    if contact.status != Status.WAITING or contact.waiting_since is None:
        return None
    before = Q(flag_rank__gt=contact.flag_rank) | Q(
        flag_rank=contact.flag_rank, waiting_since__lt=contact.waiting_since
    )
    ahead = Contact.objects.waiting().filter(before, channel=contact.channel)
    return ahead.count() + 1
