"""Who may open which contact on the desk. Every view goes through `contact_for`."""

import uuid
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.http import Http404

from careline.accounts.models import Staff
from careline.accounts.permissions import may_serve_contacts
from careline.contacts.enums import Status
from careline.contacts.models import Contact
from careline.contacts.permissions import may_read


class Sight(StrEnum):
    """How much of a contact a person may see; each includes the one before."""

    NOTHING = "nothing"
    PREVIEW = "preview"  # its first words: of what waits, and what one is asked to join
    TRANSCRIPT = "transcript"  # everything that was said, and the contact details


_ORDER = list(Sight)


def sight_of(staff: Staff, contact: Contact) -> Sight:
    """Return how much of the contact this person may see."""
    if may_read(staff, contact):
        return Sight.TRANSCRIPT
    asked = contact.invited_id == staff.pk
    if may_serve_contacts(staff) and (asked or contact.status == Status.WAITING):
        return Sight.PREVIEW
    return Sight.NOTHING


def contact_for(staff: Staff, contact_id: uuid.UUID, *, at_least: Sight) -> Contact:
    """Return the contact if this person may see that much of it.

    Raises Http404 where there is none, PermissionDenied where it is somebody else's.
    """
    people = ("assignee", "second", "supervisor", "invited")
    contact = Contact.objects.select_related(*people).filter(pk=contact_id).first()
    if contact is None:
        raise Http404
    if _ORDER.index(sight_of(staff, contact)) < _ORDER.index(at_least):
        raise PermissionDenied
    return contact
