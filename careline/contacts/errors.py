"""Why an action on a contact was refused. Each says what the reader can do next."""

import uuid


class ContactRefused(Exception):
    """Base of all refusals by the log; `code` is stable and may be logged."""

    code = "refused"


class ContactMissing(ContactRefused):
    """There is no such contact, or its log was deleted at the end of its retention."""

    code = "missing"


class ContactEnded(ContactRefused):
    """The contact has ended; nothing more can be said in it."""

    code = "ended"


class ContactTaken(ContactRefused):
    """Somebody has accepted the contact already; `assignee_id` is who (maybe the asker)."""

    code = "taken"

    def __init__(self, contact_id: uuid.UUID, assignee_id: int | None) -> None:
        super().__init__(f"Contact {contact_id} has been accepted already.")
        self.contact_id = contact_id
        self.assignee_id = assignee_id


class OfferGone(ContactRefused):
    """The offer was answered, has lapsed, or was made to somebody else."""

    code = "offer_gone"


class ContactOffered(ContactRefused):
    """The contact is being offered to somebody at this moment."""

    code = "offered"


class ContactMoved(ContactRefused):
    """Something happened in the contact meanwhile; look at it again."""

    code = "moved"


class ContactNotAccepted(ContactRefused):
    """Nobody has accepted the contact yet, so no specialist can speak in it."""

    code = "not_accepted"


class AlreadyOpened(ContactRefused):
    """A contact is opened once, as the first event of its log."""

    code = "already_opened"


class ClientIdTaken(ContactRefused):
    """The client id stands for something else in this contact already; choose a new one."""

    code = "client_id_taken"


class SentenceNotApproved(ContactRefused):
    """The sentence doesn't exist or may not be shown today."""

    code = "not_approved"


class NotAllowed(ContactRefused):
    """This member of staff may not do that with this contact."""

    code = "not_allowed"
