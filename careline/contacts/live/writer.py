"""The one writer thread of a process: it commits messages in groups.

A message costs far less in a group of fifty than alone, because a commit waits for
the disk once. Nobody is told "sent" before that wait is over.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Sequence

from django.db import OperationalError, connections

from careline.contacts import log as contact_log
from careline.contacts.danger import flag_body
from careline.contacts.errors import ContactRefused
from careline.contacts.log import Draft
from careline.contacts.models import ContactEvent
from careline.core.events import Event, log

# More waiting than this means that the database can't keep up: senders are told to try again.
QUEUE_SIZE = 2_000
GROUP_SIZE = 256

Outcome = ContactEvent | ContactRefused | Exception
_Job = tuple[Draft, "asyncio.Future[ContactEvent]"]


class WriterBusy(Exception):
    """The queue is full, or the writer is stopping; the sender should try again soon."""


class Writer:
    """Takes drafts from the event loop, stores them, and hands back what was stored."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queue: queue.Queue[_Job | None] = queue.Queue(QUEUE_SIZE)
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="live-writer", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    async def stop(self) -> None:
        """Store everything that was taken, then end the thread and its connection."""
        self._stopping = True
        await asyncio.to_thread(self._queue.put, None)
        await asyncio.to_thread(self._thread.join)

    def submit(self, draft: Draft) -> "asyncio.Future[ContactEvent]":
        """Return a future of the stored event; from the loop's thread only.

        It fails with ContactRefused, or with another exception when the database can't
        store. Raises WriterBusy at once when the queue is full.
        """
        if self._stopping:
            raise WriterBusy
        future: asyncio.Future[ContactEvent] = self._loop.create_future()
        try:
            self._queue.put_nowait((draft, future))
        except queue.Full:
            raise WriterBusy from None
        return future

    def _run(self) -> None:
        try:
            # The rules are read at the first question: better now than while somebody waits.
            flag_body("")
            while group := self._next_group():
                outcomes = _store([draft for draft, _future in group])
                futures = [future for _draft, future in group]
                self._loop.call_soon_threadsafe(_settle, futures, outcomes)
        finally:
            connections.close_all()

    def _next_group(self) -> list[_Job]:
        """Wait for a job and take what else is there; empty when it is time to stop."""
        group: list[_Job] = []
        job = self._queue.get()
        while job is not None:
            group.append(job)
            if len(group) == GROUP_SIZE:
                return group
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                return group
        if group:
            self._queue.put(None)  # Store these first, then see the end again.
        return group


def _store(drafts: Sequence[Draft]) -> list[Outcome]:
    """Store a group; on a connection that has died once more on a fresh one.

    Twice does no harm: what was stored is known by its client id.
    """
    try:
        return _store_once(drafts)
    except OperationalError:
        connections.close_all()
    try:
        return _store_once(drafts)
    except OperationalError as error:
        # The database is away or locked: it would be the same for each of them.
        _report(error, len(drafts))
        connections.close_all()
        return [error] * len(drafts)


def _store_once(drafts: Sequence[Draft]) -> list[Outcome]:
    try:
        return list(contact_log.append_batch(drafts))
    except OperationalError:
        raise
    except Exception as error:
        # One that can't be stored must not take the others with it.
        _report(error, len(drafts))
        return [error] if len(drafts) == 1 else [_store([draft])[0] for draft in drafts]


def _report(error: Exception, count: int) -> None:
    log(Event.WRITER_FAILED, level=logging.ERROR, error=type(error).__name__, messages=count)


def _settle(futures: "Sequence[asyncio.Future[ContactEvent]]", outcomes: Sequence[Outcome]) -> None:
    for future, outcome in zip(futures, outcomes, strict=True):
        if future.done():
            continue  # The sender has gone; the message is stored all the same.
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
