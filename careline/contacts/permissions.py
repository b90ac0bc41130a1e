"""Which member of staff may do what with a contact. All fail closed."""

from typing import Any

from careline.accounts.permissions import may_serve_contacts, may_supervise
from careline.contacts.models import Contact


def may_accept(user: Any, contact: Contact) -> bool:
    """Everybody at the desk may accept what waits; an end or a taker is for the log to say."""
    return may_serve_contacts(user)


def may_converse(user: Any, contact: Contact) -> bool:
    """The person whose contact it is reads and writes in it; supervisors in any."""
    if may_supervise(user):
        return True
    return may_serve_contacts(user) and contact.assignee_id == user.pk


def may_wrap_up(user: Any, contact: Contact) -> bool:
    """Who conversed keeps the record."""
    return may_converse(user, contact)
