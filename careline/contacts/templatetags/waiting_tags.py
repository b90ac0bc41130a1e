"""How long a waiting visitor probably waits, for the page that shows it."""

from django import template

from careline.contacts.models import Contact
from careline.contacts.waiting import ExpectedWait
from careline.contacts.waiting import expected_wait as _expected_wait

register = template.Library()


@register.simple_tag
def expected_wait(contact: Contact) -> ExpectedWait | None:
    """Return the range of minutes, or None where nobody can say."""
    return _expected_wait(contact)
