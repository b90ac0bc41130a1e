"""The one writer thread of a process: it commits messages in groups.

A message costs far less in a group of fifty than alone, because a commit waits for
the disk once. Nobody is told "sent" before that wait is over.
"""

import asyncio
import logging
import queue
import threading
from collections import deque
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
# Whoever waits for longer is told that it couldn't be stored; it may be stored all the same.
STORE_SECONDS = 20.0
_LOOK_SECONDS = 1.0

Outcome = ContactEvent | ContactRefused | Exception
_Job = tuple[Draft, "asyncio.Future[ContactEvent]"]


class WriterBusy(Exception):
    """The queue is full, or the writer is stopping; the sender should try again soon."""


class Writer:
    """Takes drafts from the event loop, stores them, and hands back what was stored."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queue: queue.SimpleQueue[list[_Job] | None] = queue.SimpleQueue()
        self._gathered: list[_Job] = []
        self._taken = 0  # Jobs that aren't settled yet.
        self._waiting: deque[tuple[float, asyncio.Future[ContactEvent]]] = deque()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="live-writer", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    async def stop(self) -> None:
        """Store everything that was taken, then end the thread and its connection."""
        self._stopping = True
        self._hand_over()
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def submit(self, draft: Draft) -> "asyncio.Future[ContactEvent]":
        """Return a future of the stored event; from the loop's thread only.

        It fails with ContactRefused, with TimeoutError after STORE_SECONDS, or with another
        exception when the database can't store. Raises WriterBusy at once when too many wait.
        Cancelling it doesn't take the message back.
        """
        if self._stopping or self._taken >= QUEUE_SIZE:
            raise WriterBusy
        future: asyncio.Future[ContactEvent] = self._loop.create_future()
        self._taken += 1
        if not self._gathered:
            # All that come in one turn of the loop are handed over at once: waking the thread
            # for each would have both fight over the interpreter.
            self._loop.call_soon(self._hand_over)
        self._gathered.append((draft, future))
        if not self._waiting:
            self._loop.call_later(_LOOK_SECONDS, self._lose_patience)
        self._waiting.append((self._loop.time() + STORE_SECONDS, future))
        return future

    def _hand_over(self) -> None:
        if self._gathered:
            jobs, self._gathered = self._gathered, []
            self._queue.put(jobs)

    def _lose_patience(self) -> None:
        """End the wait of those who have waited too long: they stand in order."""
        now = self._loop.time()
        while self._waiting and (self._waiting[0][0] <= now or self._waiting[0][1].done()):
            _deadline, future = self._waiting.popleft()
            if not future.done():
                future.set_exception(TimeoutError())
        if self._waiting:
            self._loop.call_later(_LOOK_SECONDS, self._lose_patience)

    def _settle(self, jobs: Sequence[_Job], outcomes: Sequence[Outcome]) -> None:
        self._taken -= len(jobs)
        for (_draft, future), outcome in zip(jobs, outcomes, strict=True):
            if future.done():
                continue  # The sender has gone; the message is stored all the same.
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

    # The thread.

    def _run(self) -> None:
        try:
            # The rules are read at the first question: better now than while somebody waits.
            flag_body("")
            while group := self._next_group():
                outcomes = _store([draft for draft, _future in group])
                self._loop.call_soon_threadsafe(self._settle, group, outcomes)
        finally:
            connections.close_all()

    def _next_group(self) -> list[_Job]:
        """Wait for jobs and take what else is there; empty when it is time to stop."""
        group: list[_Job] = []
        jobs = self._queue.get()
        while jobs is not None:
            group += jobs
            if len(group) >= GROUP_SIZE:
                return group
            try:
                jobs = self._queue.get_nowait()
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
