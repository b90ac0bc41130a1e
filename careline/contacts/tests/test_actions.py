"""The verbs: who may do what, and what is stored when they may."""

import uuid

import pytest

from careline.accounts.enums import Role
from careline.accounts.tests.factories import make_staff
from careline.contacts import actions, presence, teamwork
from careline.contacts import log as contact_log
from careline.contacts.actions import Details, Record
from careline.contacts.enums import (
    NOT_SAID,
    AuthorKind,
    CallbackWindow,
    Channel,
    EndReason,
    EventKind,
    Status,
)
from careline.contacts.errors import (
    ContactEnded,
    ContactMissing,
    ContactTaken,
    NotAllowed,
    SentenceNotApproved,
)
from careline.contacts.models import Contact, ContactRecord
from careline.contacts.tests.factories import accepted_chat, make_specialist, open_chat
from careline.core.models import AuditEntry

pytestmark = pytest.mark.django_db


def kinds(contact: Contact) -> list[str]:
    return [event.kind for event in contact_log.after(contact.pk)]


class TestAccept:
    def test_an_editor_may_not(self) -> None:
        with pytest.raises(NotAllowed):
            actions.accept(acting_user=make_staff(Role.EDITOR), contact_id=open_chat().pk)

    def test_the_second_person_is_told_who_has_it(self) -> None:
        contact, specialist = accepted_chat()
        with pytest.raises(ContactTaken) as refusal:
            actions.accept(acting_user=make_specialist(), contact_id=contact.pk)
        assert refusal.value.assignee_id == specialist.pk

    def test_what_does_not_exist_or_has_ended_can_not_be_accepted(self) -> None:
        specialist, contact = make_specialist(), open_chat()
        actions.end(acting_user=None, contact_id=contact.pk, by=AuthorKind.VISITOR)
        with pytest.raises(ContactEnded):
            actions.accept(acting_user=specialist, contact_id=contact.pk)
        with pytest.raises(ContactMissing):
            actions.accept(acting_user=specialist, contact_id=uuid.uuid4())

    def test_it_assigns_and_leaves_a_trail(self) -> None:
        contact, specialist = accepted_chat()
        assert (contact.status, contact.assignee_id) == (Status.ASSIGNED, specialist.pk)
        trail = AuditEntry.objects.filter(subject_id=str(contact.pk)).values_list("action", "actor")
        assert ("contact.accept", specialist.pk) in trail


class TestSpeaking:
    def test_a_colleague_may_not_write_in_somebody_elses_contact(self) -> None:
        contact, _specialist = accepted_chat()
        with pytest.raises(NotAllowed):
            actions.send_specialist_message(
                acting_user=make_specialist("Other"),
                contact_id=contact.pk,
                text="hello",
                client_id="c1",
            )

    def test_a_supervisor_may_who_has_joined(self) -> None:
        contact, _specialist = accepted_chat()
        ruth = make_staff(Role.SUPERVISOR, alias="Ruth")
        teamwork.join(acting_user=ruth, contact_id=contact.pk)
        event = actions.send_specialist_message(
            acting_user=ruth,
            contact_id=contact.pk,
            text="hello",
            client_id="c1",
        )
        assert event.body == {"text": "hello", "name": "Ruth"}

    def test_a_sentence_that_nobody_approved_is_not_sent(self) -> None:
        contact, specialist = accepted_chat()
        with pytest.raises(SentenceNotApproved):
            actions.send_approved_sentence(
                acting_user=specialist,
                contact_id=contact.pk,
                sentence_id="s-doesnotexist",
                client_id="c1",
            )
        assert EventKind.APPROVED_SENTENCE not in kinds(contact)

    def test_control_characters_are_left_out_and_everything_else_stays(self) -> None:
        contact = open_chat()
        event = actions.send_visitor_message(
            contact_id=contact.pk, text="  <b>hola</b>\x00 ¿qué?\r\n😀 ", client_id="c1"
        )
        assert event.body["text"] == "<b>hola</b> ¿qué?\n😀"

    def test_danger_is_flagged_right_after_the_message_in_the_same_log(self) -> None:
        contact = open_chat("I can't breathe since the infusion")
        assert kinds(contact) == ["opened", "visitor_message", "flag"]
        flag = contact_log.after(contact.pk)[-1]
        assert (flag.body["of"], flag.body["level"]) == (2, "emergency")
        start, end = flag.body["spans"][0]
        assert "breathe" in "I can't breathe since the infusion"[start:end]
        contact.refresh_from_db()
        assert (contact.flag_level, contact.card_level) == ("emergency", "emergency")

    def test_the_card_is_put_away_until_danger_is_seen_again(self) -> None:
        contact = open_chat("I can't breathe since the infusion")
        actions.dismiss_card(contact_id=contact.pk)
        contact.refresh_from_db()
        assert (contact.flag_level, contact.card_level) == ("emergency", "")
        actions.send_visitor_message(
            contact_id=contact.pk, text="I still can't breathe", client_id="c2"
        )
        contact.refresh_from_db()
        assert contact.card_level == "emergency"


class TestEnd:
    def test_a_stranger_may_not_end_it(self) -> None:
        contact, _specialist = accepted_chat()
        for who in (make_specialist("Other"), make_staff(Role.EDITOR)):
            with pytest.raises(NotAllowed):
                actions.end(acting_user=who, contact_id=contact.pk, by=AuthorKind.SPECIALIST)
        with pytest.raises(NotAllowed):
            actions.end(acting_user=None, contact_id=contact.pk, by=AuthorKind.SPECIALIST)

    def test_ending_twice_ends_once(self) -> None:
        contact = open_chat()
        for _twice in range(2):
            ended = actions.end(
                acting_user=None,
                contact_id=contact.pk,
                by=AuthorKind.VISITOR,
                reason=EndReason.LEFT,
            )
        assert (ended.status, ended.end_reason) == (Status.ENDED, EndReason.LEFT)
        assert kinds(contact).count("ended") == 1


class TestWrapUp:
    def test_only_who_conversed_keeps_the_record(self) -> None:
        contact, _specialist = accepted_chat()
        with pytest.raises(NotAllowed):
            actions.wrap_up(
                acting_user=make_specialist("Other"), contact_id=contact.pk, record=Record()
            )

    def test_every_question_can_be_refused_and_the_record_corrected(self) -> None:
        contact, specialist = accepted_chat()
        refused = Record(NOT_SAID, NOT_SAID, NOT_SAID, NOT_SAID)
        for record in (Record(), refused):
            kept = actions.wrap_up(acting_user=specialist, contact_id=contact.pk, record=record)
        assert {kept.caller_type, kept.cancer_type, kept.subject, kept.found_us} == {NOT_SAID}
        assert ContactRecord.objects.count() == 1


class TestRequests:
    def test_contact_details_are_kept_apart_from_the_log(self) -> None:
        contact = actions.request_callback(
            language="es",
            topic="side-effects",
            text="Please call about itching",
            start_id="one",
            details=Details("Ana", "+13125550100", "", CallbackWindow.MORNING, True),
        )
        assert contact.channel == Channel.CALLBACK
        assert contact.details.phone == "+13125550100"
        assert "5550100" not in str([event.body for event in contact_log.after(contact.pk)])

    def test_the_same_form_sent_twice_is_one_contact(self) -> None:
        for _twice in range(2):
            actions.leave_message(
                language="en", topic="", text="hello", start_id="one", details=Details()
            )
        assert Contact.objects.count() == 1

    def test_a_form_that_was_changed_is_another_contact(self) -> None:
        for text in ("hello", "hello, and one thing more", "hello"):
            actions.leave_message(
                language="en", topic="", text=text, start_id="one", details=Details()
            )
        texts = [contact_log.after(contact.pk)[1].body["text"] for contact in Contact.objects.all()]
        assert sorted(texts) == ["hello", "hello, and one thing more"]


class TestWordsUnderAnOldKey:
    """A page that was gone back to sends its old key with new words."""

    def test_a_visitors_are_stored_once(self) -> None:
        contact = open_chat()
        for text in ("one", "two", "two", "one"):
            actions.send_visitor_message(contact_id=contact.pk, text=text, client_id="same")
        events = contact_log.after(contact.pk)[2:]
        assert [event.body["text"] for event in events] == ["one", "two"]

    def test_a_specialists_are_stored_once(self) -> None:
        contact, specialist = accepted_chat()
        for text in ("one", "two", "two", "one"):
            actions.send_specialist_message(
                acting_user=specialist, contact_id=contact.pk, text=text, client_id="same-key"
            )
        events = contact_log.after(contact.pk)[3:]
        assert [event.body["text"] for event in events] == ["one", "two"]


class TestPresence:
    def test_an_editor_is_not_at_the_desk(self) -> None:
        with pytest.raises(NotAllowed):
            presence.set_accepting(acting_user=make_staff(Role.EDITOR), accepting=True)

    def test_it_can_be_switched_on_and_off(self) -> None:
        dana = make_specialist()
        presence.set_accepting(acting_user=dana, accepting=True)
        assert presence.is_accepting(dana)
        presence.set_accepting(acting_user=dana, accepting=False)
        assert not presence.anyone_accepting()
