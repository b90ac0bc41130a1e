"""Three clocks: words, how to reach somebody, anonymous statistics. Refusals first."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.management import call_command
from django.db.models import ProtectedError
from pytest_django import Settings

from careline.contacts import actions, codes, retention, visitor_actions
from careline.contacts import log as contact_log
from careline.contacts.actions import Details, Record
from careline.contacts.enums import AuthorKind, Helped, Status
from careline.contacts.errors import ContactMissing
from careline.contacts.models import Contact, ContactDetails, ContactEvent
from careline.contacts.tests.factories import accepted_chat, open_chat
from careline.contacts.visitor_models import ResumeCode, SurveyAnswer
from careline.core import clock

pytestmark = pytest.mark.django_db


def days(count: int) -> dt.timedelta:
    return dt.timedelta(days=count, hours=1)


class TestWhatStays:
    def test_a_dry_run_deletes_nothing(self) -> None:
        open_chat()
        late = clock.now() + dt.timedelta(days=4000)
        assert retention.purge(late, dry_run=True).transcripts == 1
        assert (Contact.objects.count(), ContactEvent.objects.count()) == (1, 2)

    def test_a_contact_with_a_log_can_not_be_deleted_by_the_way(self) -> None:
        with pytest.raises(ProtectedError):
            open_chat().delete()

    def test_the_number_of_somebody_who_still_waits_for_a_call(self, settings: Settings) -> None:
        details = Details(phone="+13125550100")
        contact = actions.request_callback(
            language="en", topic="", text="", start_id=str(uuid.uuid4()), details=details
        )
        later = clock.now() + days(settings.RETENTION_DAYS_CONTACT_DETAILS)
        assert retention.purge(later).contact_details == 0
        with time_machine.travel(later, tick=False):
            actions.end(acting_user=None, contact_id=contact.pk, by=AuthorKind.VISITOR)
        assert retention.purge(later).contact_details == 0
        at_last = later + days(settings.RETENTION_DAYS_CONTACT_DETAILS)
        assert retention.purge(at_last).contact_details == 1

    def test_a_conversation_that_goes_on(self, settings: Settings) -> None:
        contact = open_chat()
        later = clock.now() + days(settings.RETENTION_DAYS_TRANSCRIPT - 1)
        with time_machine.travel(later, tick=False):
            actions.send_visitor_message(contact_id=contact.pk, text="again", client_id="a")
        assert retention.purge(later + days(2)).transcripts == 0


def test_each_clock_deletes_its_own(settings: Settings) -> None:
    contact, specialist = accepted_chat()
    actions.wrap_up(acting_user=specialist, contact_id=contact.pk, record=Record())
    actions.end(acting_user=None, contact_id=contact.pk, by=AuthorKind.VISITOR)
    opinion = visitor_actions.Opinion(Helped.YES)
    visitor_actions.answer_survey(contact_id=contact.pk, opinion=opinion)
    code = visitor_actions.give_code(contact_id=contact.pk)
    now = clock.now()

    after_details = now + days(settings.RETENTION_DAYS_CONTACT_DETAILS)
    assert retention.purge(after_details).contact_details == 1
    assert ContactEvent.objects.count() == contact.last_seq + 2
    assert codes.contact_with(code) == contact

    after_words = now + days(settings.RETENTION_DAYS_TRANSCRIPT)
    assert retention.purge(after_words).transcripts == 1
    assert (ContactEvent.objects.count(), Contact.objects.count()) == (0, 1)
    assert not ResumeCode.objects.exists()
    with pytest.raises(ContactMissing):
        contact_log.rebuild(contact.pk)

    purged = retention.purge(now + days(settings.RETENTION_DAYS_STATISTICS))
    assert (purged.records, purged.survey_answers, purged.contacts) == (1, 1, 1)
    assert (Contact.objects.count(), SurveyAnswer.objects.count()) == (0, 0)


def test_what_was_forgotten_in_the_queue_leaves_it_with_its_words() -> None:
    contact = open_chat()
    retention.purge(contact.delete_after)
    contact.refresh_from_db()
    assert contact.status == Status.ENDED
    assert contact.start_id is None
    assert not ContactDetails.objects.exists()


def test_the_end_of_a_deleted_contact_stays_for_a_day(settings: Settings) -> None:
    contact = open_chat()
    visitor_actions.delete(contact_id=contact.pk)
    retention.purge(clock.now() + dt.timedelta(hours=23))
    assert ContactEvent.objects.count() == 1
    retention.purge(clock.now() + days(1))
    assert ContactEvent.objects.count() == 0
    purged = retention.purge(clock.now() + days(settings.RETENTION_DAYS_STATISTICS))
    assert purged.contacts == 1


def test_the_command_says_what_it_would_delete(capsys: pytest.CaptureFixture[str]) -> None:
    contact = open_chat()
    with time_machine.travel(contact.delete_after + days(1), tick=False):
        call_command("purge", "--dry-run")
    printed = capsys.readouterr().out
    assert "transcripts: 1 would be deleted" in printed
    assert "contact details: 1 would be deleted" in printed
