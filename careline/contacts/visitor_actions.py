"""What visitors do with their own contact besides talking: come back, delete, say how it was.

Whoever calls these has checked the token or the code.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from careline.contacts import actions, callbacks, codes, retention
from careline.contacts import log as contact_log
from careline.contacts.call_times import CallTime
from careline.contacts.enums import (
    AuthorKind,
    CallbackWindow,
    EndReason,
    Helped,
    PlannedBecause,
)
from careline.contacts.errors import ContactMissing
from careline.contacts.models import Contact, ContactDetails
from careline.contacts.visitor_models import SurveyAnswer
from careline.core import audit, clock
from careline.core.events import Event, log


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
