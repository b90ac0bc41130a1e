"""The log: refusals first, then that it stores once, in order, without gaps."""

import threading
import uuid
from typing import Any

import pytest
from django.db import connection

from careline.contacts import actions
from careline.contacts import log as contact_log
from careline.contacts.enums import AuthorKind, EventKind
from careline.contacts.errors import (
    AlreadyOpened,
    ClientIdTaken,
    ContactEnded,
    ContactMissing,
    ContactNotAccepted,
    ContactTaken,
)
from careline.contacts.log import Draft
from careline.contacts.models import Contact, ContactEvent
from careline.contacts.tests.factories import accepted_chat, make_specialist, open_chat


def visitor_says(contact: Contact, text: str, client_id: str | None = None) -> Draft:
    body = {"text": text}
    kind = EventKind.VISITOR_MESSAGE
    return Draft(contact.pk, kind, AuthorKind.VISITOR, body, client_id=client_id)


@pytest.mark.django_db
class TestRefusals:
    def test_an_event_can_not_be_edited_or_deleted(self) -> None:
        contact = open_chat()
        event = contact_log.after(contact.pk)[0]
        for attempt in (
            event.save,
            event.delete,
            ContactEvent.objects.all().delete,
            lambda: ContactEvent.objects.update(body={}),
            lambda: ContactEvent.objects.create(contact=contact, seq=99),
        ):
            with pytest.raises(TypeError):
                attempt()

    def test_nothing_is_added_to_a_contact_that_does_not_exist(self) -> None:
        with pytest.raises(ContactMissing):
            contact_log.append(visitor_says(Contact(pk=uuid.uuid4()), "hello"))

    def test_a_contact_is_opened_once(self) -> None:
        with pytest.raises(AlreadyOpened):
            contact_log.append(Draft(open_chat().pk, EventKind.OPENED, AuthorKind.SERVICE))

    def test_nothing_is_said_after_the_end(self) -> None:
        contact = open_chat()
        actions.end(acting_user=None, contact_id=contact.pk, by=AuthorKind.VISITOR)
        with pytest.raises(ContactEnded):
            contact_log.append(visitor_says(contact, "one more thing"))

    def test_no_specialist_speaks_before_somebody_accepted(self) -> None:
        kind = EventKind.SPECIALIST_MESSAGE
        with pytest.raises(ContactNotAccepted):
            contact_log.append(Draft(open_chat().pk, kind, AuthorKind.SPECIALIST, {"text": "hi"}))

    def test_one_author_does_not_get_what_another_sent_by_guessing_the_client_id(self) -> None:
        contact, specialist = accepted_chat()
        contact_log.append(visitor_says(contact, "mine", "same-id"))
        draft = actions.specialist_words(specialist, contact.pk, "mine", "same-id")
        with pytest.raises(ClientIdTaken):
            contact_log.append(draft)

    def test_other_words_under_the_same_client_id_are_no_retry(self) -> None:
        contact = open_chat()
        contact_log.append(visitor_says(contact, "I am scared", "c1"))
        with pytest.raises(ClientIdTaken):
            contact_log.append(visitor_says(contact, "I feel better", "c1"))
        one, two = contact_log.append_batch(
            [visitor_says(contact, "a", "c2"), visitor_says(contact, "b", "c2")]
        )
        assert isinstance(one, ContactEvent)
        assert isinstance(two, ClientIdTaken)

    def test_one_refusal_in_a_batch_leaves_the_others_standing(self) -> None:
        ended, open_one = open_chat(), open_chat()
        actions.end(acting_user=None, contact_id=ended.pk, by=AuthorKind.VISITOR)
        results = contact_log.append_batch(
            [visitor_says(open_one, "a"), visitor_says(ended, "b"), visitor_says(open_one, "c")]
        )
        assert [type(result) for result in results] == [ContactEvent, ContactEnded, ContactEvent]
        texts = [event.body.get("text") for event in contact_log.after(open_one.pk)]
        assert texts[-2:] == ["a", "c"]


@pytest.mark.django_db
class TestStoring:
    def test_a_retry_returns_the_stored_event(self) -> None:
        contact = open_chat()
        first = contact_log.append(visitor_says(contact, "I am scared", "c1"))
        again = contact_log.append(visitor_says(contact, "I am scared", "c1"))
        assert (again.pk, again.seq) == (first.pk, first.seq)
        assert ContactEvent.objects.filter(contact=contact, client_id="c1").count() == 1

    def test_a_double_click_within_one_batch_stores_once(self) -> None:
        contact = open_chat()
        one, two = contact_log.append_batch([visitor_says(contact, "hi", "c1")] * 2)
        assert one is two

    def test_after_returns_what_follows_in_order(self) -> None:
        contact = open_chat()
        for number in range(5):
            contact_log.append(visitor_says(contact, str(number)))
        assert [event.seq for event in contact_log.after(contact.pk, 3)] == [4, 5, 6, 7]

    def test_many_logs_are_read_together_each_from_its_own_position(self) -> None:
        contacts = [open_chat() for _ in range(120)]
        positions = {contact.pk: number % 3 for number, contact in enumerate(contacts)}
        found = contact_log.after_many(positions)
        for pk, seq in positions.items():
            assert [event.seq for event in found[pk]] == [1, 2][seq:]

    def test_no_contact_is_no_question_and_no_draft_is_nothing_to_store(self) -> None:
        open_chat()
        assert contact_log.after_many({}) == {}
        assert contact_log.append_batch([]) == []

    @pytest.mark.parametrize("position", [0, 250])
    def test_contacts_at_very_many_positions_are_read_as_well(self, position: int) -> None:
        contact = open_chat()
        strangers = {uuid.uuid4(): number for number in range(300)}
        found = contact_log.after_many({**strangers, contact.pk: position})
        assert len(found[contact.pk]) == (2 if position == 0 else 0)

    def test_rebuilding_from_the_log_gives_the_row_again(self) -> None:
        contact, _specialist = accepted_chat("my chest hurts and I can't breathe")
        contact.refresh_from_db()
        kept = contact.state
        Contact.objects.filter(pk=contact.pk).update(last_seq=0, status="waiting", flag_count=0)
        assert contact_log.rebuild(contact.pk) == kept
        contact.refresh_from_db()
        assert contact.state == kept


def _in_threads(count: int, work: Any) -> None:
    def run(number: int) -> None:
        try:
            work(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_numbers_have_no_gaps_when_many_write(self) -> None:
        contact, other = open_chat(), open_chat()

        def write(number: int) -> None:
            for turn in range(6):
                texts = [visitor_says(contact, f"{number}-{turn}"), visitor_says(other, "x")]
                contact_log.append_batch(texts if number % 2 else texts[::-1])

        _in_threads(6, write)
        for one in (contact, other):
            seqs = [event.seq for event in contact_log.after(one.pk)]
            assert seqs == list(range(1, 2 + 36 + 1))
            one.refresh_from_db()
            assert one.last_seq == len(seqs)

    def test_the_same_message_sent_by_many_at_once_is_stored_once(self) -> None:
        contact = open_chat()
        seqs: list[int] = []
        _in_threads(
            6, lambda _n: seqs.append(contact_log.append(visitor_says(contact, "hi", "one")).seq)
        )
        assert len(seqs) == 6
        assert set(seqs) == {3}

    def test_of_many_who_accept_one_wins_and_the_others_are_told_who(self) -> None:
        contact = open_chat()
        people = [make_specialist(f"P{number}") for number in range(5)]
        won: list[int] = []
        lost: list[int | None] = []

        def accept(number: int) -> None:
            try:
                actions.accept(acting_user=people[number], contact_id=contact.pk)
                won.append(people[number].pk)
            except ContactTaken as refusal:
                lost.append(refusal.assignee_id)

        _in_threads(5, accept)
        assert len(won) == 1
        assert lost == won * 4

    def test_a_double_click_opens_one_contact(self) -> None:
        start_id = str(uuid.uuid4())
        opened: list[uuid.UUID] = []
        _in_threads(4, lambda _n: opened.append(open_chat(start_id=start_id).pk))
        assert len(opened) == 4
        assert len(set(opened)) == 1
        assert [event.seq for event in contact_log.after(opened[0])] == [1, 2]
