"""Why an action on a contact was refused. Each says what the reader can do next."""

import datetime as dt
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


class AlreadyThere(ContactRefused):
    """The person is in the conversation already, or somebody else in that part."""

    code = "already_there"


class NotThere(ContactRefused):
    """Only who has joined the conversation, and whom the visitor knows of, may speak in it."""

    code = "not_there"


class PersonBusy(ContactRefused):
    """The colleague takes no contacts at this moment, or is being asked about another one."""

    code = "person_busy"


class NobodyTrained(ContactRefused):
    """Nobody else at the desk is trained for this topic and language."""

    code = "nobody_trained"


class DateTooLate(ContactRefused):
    """By that day how to reach the person has been deleted; `latest` is the last day possible."""

    code = "date_too_late"

    def __init__(self, latest: dt.date) -> None:
        super().__init__(f"The last possible day is {latest.isoformat()}.")
        self.latest = latest


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
