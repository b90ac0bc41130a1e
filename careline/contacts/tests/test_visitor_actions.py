"""Coming back by a code, deleting, saying how it was: refusals first."""

import datetime as dt
import hashlib
import uuid
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection

from careline.accounts.models import Staff
from careline.contacts import actions, codes, visitor_actions
from careline.contacts import log as contact_log
from careline.contacts.actions import Details, Record
from careline.contacts.enums import EndReason, EventKind, Helped, Status
from careline.contacts.errors import ContactMissing
from careline.contacts.log import Draft
from careline.contacts.models import Contact, ContactDetails, ContactEvent, ContactRecord
from careline.contacts.retention import purge
from careline.contacts.tests.factories import accepted_chat, make_specialist, open_chat
from careline.contacts.visitor_actions import Opinion
from careline.contacts.visitor_models import ResumeCode, SurveyAnswer
from careline.core import clock
from careline.core.models import AuditEntry

pytestmark = pytest.mark.django_db


def audited(contact: Contact) -> list[str]:
    rows = AuditEntry.objects.filter(subject_id=str(contact.pk)).order_by("id")
    return list(rows.values_list("action", flat=True))


class TestCodesThatOpenNothing:
    @pytest.mark.parametrize(
        "code", ["", "hello", "AAAA-AAAA-AAAA-AAAA", "AAAA-AAAA-AAAA-AAA", "Ω" * 16, "9" * 5_000]
    )
    def test_one_that_nobody_was_given(self, code: str) -> None:
        visitor_actions.give_code(contact_id=open_chat().pk)
        assert visitor_actions.resume(code=code) is None

    def test_an_earlier_one(self) -> None:
        contact = open_chat()
        earlier = visitor_actions.give_code(contact_id=contact.pk)
        later = visitor_actions.give_code(contact_id=contact.pk)
        assert visitor_actions.resume(code=earlier) is None
        assert visitor_actions.resume(code=later) == contact

    def test_one_of_a_contact_whose_words_were_deleted(self) -> None:
        contact = open_chat()
        code = visitor_actions.give_code(contact_id=contact.pk)
        visitor_actions.delete(contact_id=contact.pk)
        assert visitor_actions.resume(code=code) is None
        with pytest.raises(ContactMissing):
            visitor_actions.give_code(contact_id=contact.pk)

    def test_there_is_none_for_a_contact_that_does_not_exist(self) -> None:
        with pytest.raises(ContactMissing):
            visitor_actions.give_code(contact_id=uuid.uuid4())


class TestResume:
    def test_a_code_opens_its_own_contact_however_it_is_written(self) -> None:
        contact, _other = open_chat(), visitor_actions.give_code(contact_id=open_chat().pk)
        code = visitor_actions.give_code(contact_id=contact.pk)
        spoken = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
        for written in (code, spoken, f"  {code.replace('-', '')} "):
            assert visitor_actions.resume(code=written) == contact
        assert audited(contact) == ["contact.open", "contact.give_code", *["contact.resume"] * 3]

    @pytest.mark.django_db(transaction=True)
    def test_nothing_is_locked_while_the_slow_hash_is_made(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        locked: list[bool] = []
        scrypt = hashlib.scrypt

        def watched(*given: Any, **cost: Any) -> bytes:
            locked.append(connection.in_atomic_block)
            return scrypt(*given, **cost)

        monkeypatch.setattr(hashlib, "scrypt", watched)
        visitor_actions.give_code(contact_id=open_chat().pk)
        assert locked == [False]

    def test_the_code_itself_is_kept_nowhere(self) -> None:
        contact = open_chat()
        code = visitor_actions.give_code(contact_id=contact.pk)
        [kept] = ResumeCode.objects.all()
        assert kept.digest == codes.digest_of(code)
        assert code.replace("-", "") not in str([AuditEntry.objects.values(), vars(kept)])


class TestDelete:
    def test_a_second_time_there_is_nothing_to_delete(self) -> None:
        contact = open_chat()
        visitor_actions.delete(contact_id=contact.pk)
        with pytest.raises(ContactMissing):
            visitor_actions.delete(contact_id=contact.pk)

    def test_nothing_can_be_said_afterwards(self) -> None:
        contact, specialist = accepted_chat()
        visitor_actions.delete(contact_id=contact.pk)
        drafts = [
            actions.visitor_words(contact.pk, "hello", "x"),
            actions.specialist_words(specialist, contact.pk, "hello", "y"),
            Draft(contact.pk, EventKind.WRAPPED_UP, "specialist", {}, specialist.pk),  # type: ignore[arg-type]
        ]
        results = contact_log.append_batch(drafts)
        assert all(isinstance(result, ContactMissing) for result in results)

    def test_words_details_and_code_go_and_the_conversation_ends(self) -> None:
        contact, _specialist = accepted_chat("I can't breathe")
        visitor_actions.give_code(contact_id=contact.pk)
        last = contact.last_seq

        visitor_actions.delete(contact_id=contact.pk)

        contact.refresh_from_db()
        assert (contact.status, contact.end_reason) == (Status.ENDED, EndReason.DELETED)
        assert contact.deleted_by_visitor
        [end] = ContactEvent.objects.filter(contact=contact)
        assert (end.kind, end.seq) == (EventKind.ENDED, last + 1)
        assert end.body == {"by": "visitor", "reason": "deleted"}
        assert audited(contact)[-2:] == ["contact.end", "contact.delete"]

    def test_no_other_row_of_any_table_leads_to_the_contact(self) -> None:
        contact, _specialist = _everything_there_is()
        _everything_there_is()

        visitor_actions.delete(contact_id=contact.pk)

        left = {
            model._meta.label
            for model in apps.get_models()
            for field in model._meta.fields
            if field.related_model is Contact
            if model._base_manager.filter(**{field.name: contact}).exists()
        }
        assert left == {"contacts.ContactEvent"}
        contact.refresh_from_db()
        assert contact.start_id is None

    def test_only_the_day_the_channel_the_language_and_the_topic_stay(self) -> None:
        with time_machine.travel(dt.datetime(2026, 11, 24, 3, 17, 5, tzinfo=dt.UTC), tick=False):
            contact, _specialist = _everything_there_is("I can't breathe", topic="immunotherapy")
            visitor_actions.delete(contact_id=contact.pk)
            purge(clock.now() + dt.timedelta(days=1))

        assert not ContactRecord.objects.exists()
        [kept] = Contact.objects.values()
        # In the service's zone it was still the day before.
        day = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)
        until = day + dt.timedelta(days=1825)
        said = {
            **{"id": contact.pk, "channel": "chat", "language": "en", "topic": "immunotherapy"},
            **{"status": "ended", "end_reason": "deleted", "deleted_by_visitor": True},
            **{"opened_at": day, "transcript_purged_at": day},
            **{"delete_after": until, "statistics_delete_after": until},
        }
        assert {name: value for name, value in kept.items() if value} == said

    def test_a_callback_that_waits_leaves_the_queue(self) -> None:
        contact = actions.request_callback(
            language="en",
            topic="",
            text="please call",
            start_id=str(uuid.uuid4()),
            details=Details(name="Ann", phone="+13125550100"),
        )
        visitor_actions.delete(contact_id=contact.pk)
        assert not Contact.objects.waiting().filter(pk=contact.pk).exists()
        assert not ContactDetails.objects.filter(contact=contact).exists()


def _everything_there_is(text: str = "my words", topic: str = "") -> tuple[Contact, Staff]:
    """Make a contact with a row wherever a contact can have one."""
    contact, specialist = open_chat(text, topic=topic), make_specialist()
    actions.accept(acting_user=specialist, contact_id=contact.pk)
    visitor_actions.give_code(contact_id=contact.pk)
    actions.wrap_up(
        acting_user=specialist, contact_id=contact.pk, record=Record(subject="treatment")
    )
    return contact, specialist


class TestSurvey:
    def test_a_second_answer_changes_nothing(self) -> None:
        contact = open_chat()
        for opinion in (Opinion(Helped.YES), Opinion(Helped.NO)):
            visitor_actions.answer_survey(contact_id=contact.pk, opinion=opinion)
        assert [answer.helped for answer in SurveyAnswer.objects.all()] == ["yes"]

    def test_a_survey_that_was_skipped_is_not_answered_later(self) -> None:
        contact = open_chat()
        visitor_actions.answer_survey(contact_id=contact.pk, opinion=None)
        visitor_actions.answer_survey(contact_id=contact.pk, opinion=Opinion(Helped.NO))
        assert not SurveyAnswer.objects.exists()

    def test_an_answer_leads_to_nobody(self) -> None:
        contact = open_chat(topic="immunotherapy")
        visitor_actions.answer_survey(contact_id=contact.pk, opinion=Opinion(Helped.PARTLY))
        [kept] = SurveyAnswer.objects.values()
        assert contact.pk not in kept.values()
        assert set(kept) == {
            *("id", "on", "channel", "language", "helped", "understood", "again", "delete_after")
        }
