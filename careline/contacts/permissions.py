"""Which member of staff may do what with a contact. All fail closed."""

from typing import Any

from django.db.models import Q

from careline.accounts.permissions import may_serve_contacts, may_supervise
from careline.contacts.enums import Status
from careline.contacts.followups_models import FollowUp
from careline.contacts.models import Contact


def may_accept(user: Any, contact: Contact) -> bool:
    """Everybody at the desk may accept what waits; an end or a taker is for the log to say."""
    return may_serve_contacts(user)


def may_speak(user: Any, contact: Contact) -> bool:
    """Whose contact it is, and who has joined it: the visitor was told of each of them."""
    there = (contact.assignee_id, contact.second_id, contact.supervisor_id)
    return may_serve_contacts(user) and user.pk in there


def may_read(user: Any, contact: Contact) -> bool:
    """Who may speak, who agreed to follow up, and supervisors; each look leaves a trace.

    And who serves another contact with which the visitor let this one be seen.
    """
    if may_supervise(user) or may_speak(user, contact):
        return True
    if not may_serve_contacts(user):
        return False
    return holds_follow_up(user, contact) or serves_later_one(user, contact)


def serves_later_one(user: Any, contact: Contact) -> bool:
    """Return whether somebody serves a contact with which the visitor let this one be seen."""
    serves = Q(assignee=user) | Q(second=user)
    later = Contact.objects.filter(serves, earlier_links__earlier=contact, status=Status.ASSIGNED)
    return later.exists()


def holds_follow_up(user: Any, contact: Contact) -> bool:
    """Return whether this person has agreed to get in touch and hasn't yet."""
    if not contact.follow_ups_open:
        return False
    return FollowUp.objects.to_do().filter(contact=contact, staff=user).exists()


def may_conclude(user: Any, contact: Contact) -> bool:
    """Whose contact it is ends it and keeps its record; supervisors any."""
    if may_supervise(user):
        return True
    return may_serve_contacts(user) and contact.assignee_id == user.pk
