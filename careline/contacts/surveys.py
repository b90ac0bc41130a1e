"""Who is asked how it was: a sample of those who talked with somebody and weren't in danger."""

from django.conf import settings

from careline.contacts.models import Contact
from careline.safety.levels import Level


def is_wanted(contact: Contact) -> bool:
    """Return whether to ask; the same contact always gets the same reply until it has answered."""
    talked = contact.has_ended and contact.accepted_at is not None
    calm = contact.flag_rank < Level.URGENT.rank
    return talked and calm and not contact.survey_done and _is_in_sample(contact)


def _is_in_sample(contact: Contact) -> bool:
    # A contact's id is random, so its last digits draw the lot.
    percent: int = settings.SURVEY_PERCENT
    return contact.pk.int % 100 < percent
