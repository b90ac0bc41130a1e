"""What a process remembers of a contact holds only while the row says the same."""

import uuid
from typing import Any

import pytest
from django.db import connection, transaction

from careline.contacts import actions, log_rows
from careline.contacts import log as contact_log
from careline.contacts.models import Contact, ContactEvent
from careline.contacts.tests.factories import open_chat

pytestmark = pytest.mark.django_db(transaction=True)


def say(contact: Contact, text: str, client_id: str = "") -> ContactEvent:
    name = client_id or uuid.uuid4().hex
    return actions.send_visitor_message(contact_id=contact.pk, text=text, client_id=name)


def seqs(contact: Contact) -> list[int]:
    return [event.seq for event in contact_log.after(contact.pk)]


def test_the_row_is_read_once_while_nobody_else_writes() -> None:
    contact = open_chat()
    say(contact, "one")
    with connection.execute_wrapper(_no_reading_of_states):
        say(contact, "two")
    assert seqs(contact) == [1, 2, 3, 4]


def _no_reading_of_states(execute: Any, sql: str, *rest: Any) -> Any:
    assert "flag_rank" not in sql or not sql.startswith("SELECT")
    return execute(sql, *rest)


def test_what_another_process_wrote_is_seen() -> None:
    contact = open_chat()
    say(contact, "mine", "a")
    mine = log_rows.memory.get(contact.pk)
    say(contact, "theirs", "b")
    assert mine
    log_rows.memory.keep({contact.pk: mine})  # As if the last message had been written elsewhere.
    assert say(contact, "theirs", "b").seq == 4  # Their retry, which comes here.
    assert say(contact, "mine", "a").seq == 3
    assert say(contact, "next").seq == 5
    contact.refresh_from_db()
    assert contact.unread_count == 4


def test_what_was_rolled_back_is_not_remembered() -> None:
    contact = open_chat()
    say(contact, "one")
    with pytest.raises(RuntimeError), transaction.atomic():
        say(contact, "never stored", "c")
        raise RuntimeError
    assert say(contact, "other words", "c").seq == 4
    assert seqs(contact) == [1, 2, 3, 4]


def test_two_messages_in_one_transaction_follow_each_other() -> None:
    contact = open_chat()
    with transaction.atomic():
        say(contact, "one", "a")
        assert say(contact, "two", "b").seq == 4
        assert say(contact, "one", "a").seq == 3
    assert say(contact, "two", "b").seq == 4


def test_a_row_that_was_mended_elsewhere_is_read_anew() -> None:
    contact = open_chat()
    Contact.objects.filter(pk=contact.pk).update(unread_count=70, delete_after="2031-01-01T00:00Z")
    say(contact, "one")
    before = log_rows.memory.get(contact.pk)
    contact_log.rebuild(contact.pk)
    assert before
    log_rows.memory.keep({contact.pk: before})
    say(contact, "two")
    contact.refresh_from_db()
    assert contact.unread_count == 3


def test_only_those_used_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_rows, "REMEMBERED", 2)
    contacts = [open_chat() for _ in range(3)]
    kept = [log_rows.memory.get(contact.pk) is not None for contact in contacts]
    assert kept == [False, True, True]


def test_every_column_of_an_event_is_what_was_said() -> None:
    contact = open_chat()
    said = say(contact, "words", "key")
    stored = ContactEvent.objects.get(pk=said.pk)
    assert (stored.contact_id, stored.seq, stored.kind) == (contact.pk, 3, "visitor_message")
    assert (stored.author_kind, stored.author_id, stored.client_id) == ("visitor", None, "key")
    assert (stored.body, stored.created_at) == ({"text": "words"}, said.created_at)
