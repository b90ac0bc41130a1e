"""The writer thread: refuses when full or stopping, stores what it took, survives the database."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from django.db import OperationalError, connection

from careline.contacts import actions
from careline.contacts import log as contact_log
from careline.contacts.errors import ContactMissing
from careline.contacts.live import writer as writer_module
from careline.contacts.live.writer import Writer, WriterBusy
from careline.contacts.log import Draft
from careline.contacts.models import Contact
from careline.contacts.tests.factories import open_chat

pytestmark = pytest.mark.django_db(transaction=True)


def says(contact: Contact, number: int) -> Draft:
    return actions.visitor_words(contact.pk, f"message {number}", f"c{number}")


def with_writer(work: Callable[[Writer], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        writer = Writer(asyncio.get_running_loop())
        writer.start()
        try:
            return await work(writer)
        finally:
            await writer.stop()

    return asyncio.run(run())


def test_a_full_queue_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "QUEUE_SIZE", 2)
    contact = open_chat()

    async def flood() -> None:
        writer = Writer(asyncio.get_running_loop())  # Not started: nothing leaves the queue.
        for number in range(2):
            writer.submit(says(contact, number))
        with pytest.raises(WriterBusy):
            writer.submit(says(contact, 2))

    asyncio.run(flood())


def test_after_the_stop_nothing_is_taken_and_what_was_taken_is_stored() -> None:
    contact = open_chat()

    async def run() -> list[int]:
        writer = Writer(asyncio.get_running_loop())
        writer.start()
        taken = [writer.submit(says(contact, number)) for number in range(600)]
        await writer.stop()
        with pytest.raises(WriterBusy):
            writer.submit(says(contact, 600))
        return [event.seq for event in await asyncio.gather(*taken)]

    assert asyncio.run(run()) == list(range(3, 603))


def test_one_refusal_leaves_the_others_of_its_group_standing() -> None:
    contact, nobody = open_chat(), Contact()

    async def work(writer: Writer) -> list[Any]:
        drafts = [says(contact, 1), says(nobody, 2), says(contact, 3)]
        futures = [writer.submit(draft) for draft in drafts]
        return await asyncio.gather(*futures, return_exceptions=True)

    first, refused, last = with_writer(work)
    assert (first.seq, last.seq) == (3, 4)
    assert isinstance(refused, ContactMissing)


def test_what_the_database_can_not_take_does_not_take_the_others_with_it() -> None:
    contact = open_chat()
    broken = says(contact, 2)
    broken.body["text"] = object()

    async def work(writer: Writer) -> list[Any]:
        futures = [writer.submit(draft) for draft in (says(contact, 1), broken, says(contact, 3))]
        return await asyncio.gather(*futures, return_exceptions=True)

    first, failed, last = with_writer(work)
    assert (first.seq, last.seq) == (3, 4)
    assert isinstance(failed, Exception)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only a server drops connections")
def test_a_connection_that_has_died_is_replaced() -> None:
    contact = open_chat()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ours = cursor.fetchone()[0]

    def drop_the_writers() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), %s)",
                [ours],
            )
        connection.close()

    async def work(writer: Writer) -> int:
        await writer.submit(says(contact, 1))
        await asyncio.to_thread(drop_the_writers)
        return (await writer.submit(says(contact, 2))).seq

    assert with_writer(work) == 4


def test_when_the_database_is_away_the_sender_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    contact = open_chat()

    def away(_drafts: Any) -> Any:
        raise OperationalError("away")

    async def work(writer: Writer) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(contact_log, "append_batch", away)
            with pytest.raises(OperationalError):
                await writer.submit(says(contact, 1))
        assert (await writer.submit(says(contact, 1))).seq == 3

    with_writer(work)
