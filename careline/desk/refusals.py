"""Why something didn't happen, in words that say what to do next."""

from django.utils.translation import gettext as _

from careline.accounts.models import Staff
from careline.contacts.errors import (
    AlreadyThere,
    ContactEnded,
    ContactMissing,
    ContactMoved,
    ContactNotAccepted,
    ContactOffered,
    ContactRefused,
    ContactTaken,
    DateTooLate,
    NobodyTrained,
    NotThere,
    OfferGone,
    PersonBusy,
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
        ContactMoved: _("Something changed here a moment ago. Look at the contact again."),
        ContactOffered: _("Somebody is being asked already. Wait for the answer, or take it back."),
        AlreadyThere: _("Somebody is in this conversation already."),
        NotThere: _("Join the conversation first: the visitor is told who writes to them."),
        PersonBusy: _("They take no contacts at this moment. Choose somebody else, or a queue."),
        NobodyTrained: _("Nobody else at the desk is trained for that now. Choose another way."),
        DateTooLate: _("By then the way to reach the person is deleted. Choose an earlier day."),
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
