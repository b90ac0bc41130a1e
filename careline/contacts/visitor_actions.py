"""What visitors do with their own contact besides talking: come back, delete, say how it was.

Whoever calls these has checked the token or the code.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext

from careline.contacts import actions, attachments, callbacks, codes, retention
from careline.contacts import log as contact_log
from careline.contacts.call_times import CallTime
from careline.contacts.enums import (
    AuthorKind,
    CallbackWindow,
    EndReason,
    EventKind,
    Helped,
    PlannedBecause,
)
from careline.contacts.errors import ContactMissing
from careline.contacts.log import Draft
from careline.contacts.models import Contact, ContactDetails, ContactEvent
from careline.contacts.visitor_models import SurveyAnswer
from careline.core import audit, clock
from careline.core.events import Event, log
from careline.core.models import AuditEntry

MOST_MAILS = 3
_MAILED = "contact.mail_transcript"


class MailRefused(Exception):
    """No mail was sent; `why` is "often" or "failed"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Opinion:
    """The answers of the survey; only the first is asked for."""

    helped: Helped
    understood: str = ""
    again: str = ""


def give_code(*, acting_user: None = None, contact_id: uuid.UUID) -> str:
    """Return a fresh code for the contact; an earlier one stops working. Raises ContactMissing."""
    code = codes.new_code()
    # About 40 ms: nobody else's message waits for it behind the lock.
    digest = codes.digest_of(code)
    with transaction.atomic():
        contact = _locked(contact_id)
        codes.keep(contact.pk, digest)
        audit.record("contact.give_code", contact, acting_user=acting_user)
    return code


def resume(*, acting_user: None = None, code: str) -> Contact | None:
    """Return the contact that the code opens, and note that it was used; None for no such code."""
    contact = codes.contact_with(code)
    if contact is not None:
        audit.record("contact.resume", contact, acting_user=acting_user)
    return contact


def change_call(
    *,
    acting_user: None = None,
    contact_id: uuid.UUID,
    details: actions.Details,
    time: CallTime | None,
    zone: str = "",
) -> None:
    """Call at another time, or another number. Raises ContactMissing, ContactEnded."""
    part = details.window or CallbackWindow.ANY
    with transaction.atomic():
        contact = _locked(contact_id)
        why = PlannedBecause.CHOSEN
        contact_log.append(callbacks.planned(contact.pk, time, why=why, zone=zone, part=part))
        kept = ContactDetails.objects.get(contact=contact)
        kept.phone, kept.window = details.phone, part
        kept.voicemail_ok = details.voicemail_ok
        kept.save(update_fields=["phone", "window", "voicemail_ok"])
        audit.record("contact.change_call", contact, acting_user=acting_user)


def attach(*, acting_user: None = None, contact_id: uuid.UUID, data: bytes, client_id: str) -> None:
    """Keep a file that the visitor sent; once for each client id.

    Raises FileRefused, ContactEnded, ContactMissing.
    """
    kind, checked = attachments.checked(data)  # Takes a moment: nobody waits for it.
    with transaction.atomic():
        contact = _locked(contact_id)
        if ContactEvent.objects.filter(contact=contact, client_id=client_id).exists():
            return
        kept = attachments.keep(contact, kind, checked)
        body = {"key": str(kept.key), "type": kind.value, "bytes": kept.size, "number": kept.number}
        draft = Draft(contact.pk, EventKind.VISITOR_FILE, AuthorKind.VISITOR, body)
        contact_log.append(replace(draft, client_id=client_id))
        audit.record("contact.attach", contact, acting_user=acting_user, number=kept.number)


def mail_transcript(
    *, acting_user: None = None, contact_id: uuid.UUID, address: str, text: str
) -> None:
    """Send the conversation to an address that is kept nowhere; some few times at most.

    Sent here and now: a task would hold address and words until it ran. Raises MailRefused,
    ContactMissing.
    """
    contact = Contact.objects.filter(pk=contact_id, transcript_purged_at=None).first()
    if contact is None:
        raise ContactMissing
    sent = AuditEntry.objects.filter(action=_MAILED, subject_id=str(contact.pk)).count()
    if sent >= MOST_MAILS:
        raise MailRefused("often")
    try:
        EmailMessage(gettext("The copy that you asked for"), text, None, [address]).send()
    except (OSError, SMTPException):
        raise MailRefused("failed") from None
    audit.record(_MAILED, contact, acting_user=acting_user)


def cancel_call(*, acting_user: None = None, contact_id: uuid.UUID) -> None:
    """Want no call any more. Raises ContactMissing; cancelling twice changes nothing."""
    actions.end(
        acting_user=acting_user,
        contact_id=contact_id,
        by=AuthorKind.VISITOR,
        reason=EndReason.CANCELLED,
    )


@transaction.atomic
def delete(*, acting_user: None = None, contact_id: uuid.UUID) -> None:
    """Delete everything that the visitor said and how to reach them; a conversation ends.

    Of the log only its end stays, for screens that show it now; it says who deleted it. Of the
    contact stay the day, the channel, the language and the topic. Raises ContactMissing, also
    when it was deleted before.
    """
    contact = _locked(contact_id)
    actions.end(
        acting_user=acting_user,
        contact_id=contact.pk,
        by=AuthorKind.VISITOR,
        reason=EndReason.DELETED,
    )
    retention.delete_words([contact.pk], clock.now(), by_visitor=True)
    audit.record("contact.delete", contact, acting_user=acting_user)
    transaction.on_commit(lambda: log(Event.CONTACT_DELETED, channel=contact.channel))


def answer_survey(
    *, acting_user: None = None, contact_id: uuid.UUID, opinion: Opinion | None
) -> None:
    """Keep what the visitor thought, apart from the contact; None means that they skipped it.

    A second answer changes nothing. Raises ContactMissing.
    """
    with transaction.atomic():
        contact = _locked(contact_id)
        if contact.survey_done:
            return
        Contact.objects.filter(pk=contact.pk).update(survey_done=True)
        if opinion:
            _keep_opinion(contact, opinion)


def _keep_opinion(contact: Contact, opinion: Opinion) -> None:
    kept_for = dt.timedelta(days=settings.RETENTION_DAYS_STATISTICS)
    SurveyAnswer.objects.create(
        on=clock.today(),
        channel=contact.channel,
        language=contact.language,
        delete_after=clock.now() + kept_for,
        **vars(opinion),
    )


def _locked(contact_id: uuid.UUID) -> Contact:
    mine = Contact.objects.select_for_update().filter(pk=contact_id, transcript_purged_at=None)
    contact = mine.first()
    if contact is None:
        raise ContactMissing
    return contact
