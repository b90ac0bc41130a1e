"""Why something didn't happen, in words that say what to do next."""

from django.utils.translation import gettext as _

from careline.accounts.models import Staff
from careline.contacts.errors import (
    ContactEnded,
    ContactMissing,
    ContactNotAccepted,
    ContactRefused,
    ContactTaken,
    OfferGone,
    SentenceNotApproved,
)


def in_words(refused: ContactRefused) -> str:
    """Return a kind sentence for the specialist."""
    if isinstance(refused, ContactTaken):
        return _taken(refused)
    sentences: dict[type[ContactRefused], str] = {
        ContactEnded: _("This contact has ended, so nothing was sent. Please wrap it up."),
        ContactMissing: _("This contact isn't kept any more."),
        ContactNotAccepted: _("Accept this contact first; then you can write in it."),
        OfferGone: _("This offer is over; nothing for you to do."),
        SentenceNotApproved: _(
            "This sentence was withdrawn or is past its review date, so it wasn't sent."
        ),
    }
    return sentences.get(type(refused), _("That isn't possible with this contact."))


def _taken(refused: ContactTaken) -> str:
    taker = Staff.objects.filter(pk=refused.assignee_id or 0).first()
    if taker is None:
        return _("A colleague has just taken this contact. Nothing for you to do.")
    return _("%(name)s has just taken this contact. Nothing for you to do.") % {
        "name": taker.shown_name
    }
