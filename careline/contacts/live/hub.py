"""Who listens to which contact, and the one thread that reads for all of them.

What this process stores goes to its own streams from memory, once it is committed, wherever it
follows directly on what a stream has. For the rest there are hints: one says that a log has
grown. The reader thread then asks the log once for all contacts that were hinted at, and each
stream gets what follows its own position. A hint that was lost is made good by looking
at the numbers from time to time.
"""

import asyncio
import datetime as dt
import json
import logging
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connections

from careline.contacts import log as contact_log
from careline.contacts import metrics, present
from careline.contacts.enums import AuthorKind, EndReason, EventKind
from careline.contacts.models import ContactEvent
from careline.contacts.wakeup import Hint
from careline.core import clock
from careline.core.events import Event, log
from careline.core.sealing.envelope import CannotOpen

HEARTBEAT_SECONDS = 15.0
# How often to look for hints that didn't come: often where no hint can come from other
# processes, seldom where Redis brings them.
POLL_SECONDS = 2.0
POLL_SECONDS_WITH_HINTS = 15.0
# A slow reader's queue; what doesn't fit is read again from the log when there is room.
MAX_QUEUED_BYTES = 256 * 1024
_TYPING_PAUSE_SECONDS = 1.5
_TYPING_REMEMBERED = 10_000
# After one of these somebody may read no longer.
_MOVES = frozenset({EventKind.RELEASED, EventKind.ASSIGNED, EventKind.HANDED_OVER, EventKind.LEFT})
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
# Milliseconds after which clients of a process that stops come back, spread over its streams.
_BACK_SOONEST, _BACK_LATEST = 200, 2_000
# An event and no comment, so that a page can tell a silent night from a dead line.
_HEARTBEAT = b"event: beat\ndata: 1\n\n"


class _Rendered(NamedTuple):
    """One event for each side; `last` ends the streams, `alone` has lost those before it.

    After `moved` staff have to be admitted anew: the contact may be somebody else's now.
    """

    seq: int
    chunks: dict[AuthorKind, bytes]
    last: bool
    alone: bool
    moved: bool
    at: dt.datetime


class Stream:
    """One open stream: its contact, its side, its position, and what waits to be sent."""

    __slots__ = (
        *("_chunks", "_waits", "audience", "closed", "contact_id"),
        *("lagging", "opened_at", "seq", "size"),
    )

    def __init__(self, contact_id: uuid.UUID, audience: AuthorKind, seq: int) -> None:
        self.contact_id = contact_id
        self.audience = audience
        self.seq = seq
        self.opened_at = clock.now()
        self.size = 0
        self.lagging = False
        self.closed = False
        self._chunks: list[bytes] = []
        self._waits: asyncio.Future[None] | None = None

    def offer(self, seq: int, chunk: bytes | None) -> None:
        """Queue the next event; one that doesn't follow directly is for a later read."""
        if self.closed or seq != self.seq + 1:
            return
        if self.size > MAX_QUEUED_BYTES:
            self.lagging = True
            return
        self.seq = seq
        if chunk:
            self.push(chunk)

    def push(self, chunk: bytes) -> None:
        """Queue bytes that aren't part of the log."""
        self._chunks.append(chunk)
        self.size += len(chunk)
        self._wake()

    def close(self) -> None:
        """Let `take` return what is queued, and then nothing."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        if self._waits is not None and not self._waits.done():
            self._waits.set_result(None)

    async def take(self) -> bytes:
        """Wait for bytes and return them; empty when the stream is closed."""
        if not self._chunks and not self.closed:
            self._waits = asyncio.get_running_loop().create_future()
            await self._waits
            self._waits = None
        taken = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks.clear()
        self.size = 0
        return taken


class Hub:
    """All streams of this process."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        # Tuples, replaced as a whole: the reader thread looks without a lock.
        self._streams: dict[uuid.UUID, tuple[Stream, ...]] = {}
        self._hinted: set[uuid.UUID] = set()
        self._wanted = threading.Condition()
        self._seen: dict[tuple[uuid.UUID, AuthorKind], int] = {}
        self._typed_at: dict[tuple[uuid.UUID, AuthorKind], float] = {}
        self._stopping = False
        self.hints_from_elsewhere = False
        self._thread = threading.Thread(target=self._run, name="live-reader", daemon=True)

    def start(self) -> None:
        """Start the reader thread."""
        self._thread.start()

    async def stop(self) -> None:
        """Close all streams and end the thread and its connection."""
        self.close_all()
        self._stopping = True
        with self._wanted:
            self._wanted.notify()
        await asyncio.to_thread(self._thread.join)

    def open(self, contact_id: uuid.UUID, audience: AuthorKind, after: int) -> Stream:
        """Return a stream of what follows number `after`; from the loop's thread only."""
        stream = Stream(contact_id, audience, after)
        if self._stopping:
            stream.close()
            return stream
        self._streams[contact_id] = (*self._streams.get(contact_id, ()), stream)
        self._say_what_was_read(stream)
        self.hint([(contact_id, after + 1)])
        return stream

    def _say_what_was_read(self, stream: Stream) -> None:
        for side in (AuthorKind.VISITOR, AuthorKind.SPECIALIST):
            seq = self._seen.get((stream.contact_id, side))
            if seq and side is not stream.audience:
                stream.push(_seen_chunk(side, seq))

    def close(self, stream: Stream) -> None:
        """Forget a stream."""
        stream.close()
        others = tuple(s for s in self._streams.get(stream.contact_id, ()) if s is not stream)
        if others:
            self._streams[stream.contact_id] = others
        else:
            self._streams.pop(stream.contact_id, None)

    def close_all(self) -> None:
        """End every stream at once: the clients come back to the next process.

        They are told when, one after the other, so that thousands don't come in one moment.
        """
        streams = [stream for stream in self._all() if not stream.closed]
        for place, stream in enumerate(streams):
            wait = _BACK_SOONEST + (_BACK_LATEST - _BACK_SOONEST) * place // len(streams)
            stream.push(f"retry: {wait}\n\n".encode())
            stream.close()

    def count(self) -> int:
        """Return how many streams are open."""
        return sum(len(streams) for streams in self._streams.values())

    def tell(self, events: Sequence[ContactEvent]) -> None:
        """Pass on what this process has just committed; from any thread."""
        mine: dict[uuid.UUID, list[_Rendered]] = {}
        for event in events:
            if event.contact_id in self._streams:
                mine.setdefault(event.contact_id, []).append(_render(event))
        if mine and not self._stopping:
            self._loop.call_soon_threadsafe(self._deliver_from_memory, mine)

    def _deliver_from_memory(self, rendered: dict[uuid.UUID, list[_Rendered]]) -> None:
        self._deliver(rendered)
        # Streams that lack something from before, which another process or thread wrote.
        self.hint([(contact_id, events[-1].seq) for contact_id, events in rendered.items()])

    def hint(self, hints: Iterable[Hint]) -> None:
        """Note that these logs have grown to this number; from any thread."""
        mine = {contact_id for contact_id, seq in hints if self._lacks(contact_id, seq)}
        if mine:
            with self._wanted:
                self._hinted |= mine
                self._wanted.notify()

    def _lacks(self, contact_id: uuid.UUID, seq: int) -> bool:
        streams = self._streams.get(contact_id, ())
        return any(stream.seq < seq and not stream.closed for stream in streams)

    def caught_up(self, stream: Stream) -> None:
        """Read on for a stream that had fallen behind and has sent what it had."""
        if stream.lagging:
            stream.lagging = False
            self.hint([(stream.contact_id, stream.seq + 1)])

    def typing(self, contact_id: uuid.UUID, who: AuthorKind) -> bool:
        """Tell the other side that somebody types; False if that was told a moment ago."""
        now = time.monotonic()
        if now - self._typed_at.get((contact_id, who), -60.0) < _TYPING_PAUSE_SECONDS:
            return False
        if len(self._typed_at) > _TYPING_REMEMBERED:
            self._typed_at.clear()
        self._typed_at[contact_id, who] = now
        self._tell(contact_id, who, _chunk("typing", {"who": who.value}))
        return True

    def seen(self, contact_id: uuid.UUID, who: AuthorKind, seq: int) -> bool:
        """Tell the other side up to which number somebody has read; False if that was known.

        Kept in memory alone: a page that is open says it again after a restart.
        """
        if seq <= self._seen.get((contact_id, who), 0):
            return False
        if len(self._seen) > _TYPING_REMEMBERED:
            self._seen.clear()
        self._seen[contact_id, who] = seq
        self._tell(contact_id, who, _seen_chunk(who, seq))
        return True

    def _tell(self, contact_id: uuid.UUID, who: AuthorKind, chunk: bytes) -> None:
        for stream in self._streams.get(contact_id, ()):
            if stream.audience is not who:
                stream.push(chunk)

    def beat(self) -> None:
        """Send a heartbeat to all: proxies keep the line open, dead ones are found out."""
        for stream in self._all():
            if not stream.size:
                stream.push(_HEARTBEAT)

    def _all(self) -> Iterable[Stream]:
        return (stream for streams in self._streams.values() for stream in streams)

    # The reader thread.

    def _run(self) -> None:
        try:
            polled = time.monotonic()
            while not self._stopping:
                hinted = self._wait()
                if time.monotonic() - polled >= self._poll_seconds():
                    polled = time.monotonic()
                    hinted |= self._safely(self._missed) or set()
                self._safely(self._serve, hinted)
        finally:
            connections.close_all()

    def _poll_seconds(self) -> float:
        return POLL_SECONDS_WITH_HINTS if self.hints_from_elsewhere else POLL_SECONDS

    def _wait(self) -> set[uuid.UUID]:
        with self._wanted:
            if not self._hinted and not self._stopping:
                self._wanted.wait(POLL_SECONDS)
            hinted, self._hinted = self._hinted, set()
        return hinted

    def _safely(self, work: Any, *arguments: Any) -> Any:
        """Do some reading; what fails, say because the database is away, is tried again later.

        Whatever it was: without this thread nobody would be delivered anything any more.
        """
        try:
            return work(*arguments)
        except Exception as error:
            connections.close_all()
            log(Event.STREAM_READ_FAILED, level=logging.ERROR, error=type(error).__name__)
            return None

    def _missed(self) -> set[uuid.UUID]:
        """Return the contacts whose log is longer than what some stream has."""
        listened = list(self._streams)
        missed: set[uuid.UUID] = set()
        for start in range(0, len(listened), 500):
            numbers = contact_log.last_numbers(listened[start : start + 500])
            missed |= {pk for pk, last in numbers.items() if last > self._position(pk, last)}
        return missed

    def _position(self, contact_id: uuid.UUID, otherwise: int) -> int:
        streams = self._streams.get(contact_id, ())
        return min((stream.seq for stream in streams if not stream.lagging), default=otherwise)

    def _serve(self, hinted: set[uuid.UUID]) -> None:
        positions = {pk: self._position(pk, -1) for pk in hinted}
        positions = {pk: seq for pk, seq in positions.items() if seq >= 0}
        if not positions:
            return
        found = contact_log.after_many(positions)
        self._loop.call_soon_threadsafe(self._deliver, dict(_readable(found)))

    def _deliver(self, rendered: dict[uuid.UUID, list[_Rendered]]) -> None:
        now = clock.now()
        for contact_id, events in rendered.items():
            streams = self._streams.get(contact_id, ())
            got = [_deliver_to(stream, events) for stream in streams]
            # What a stream catches up with when it opens came in its own time.
            if any(got) and events[-1].at > max(stream.opened_at for stream in streams):
                metrics.DELIVERY_SECONDS.observe((now - events[-1].at).total_seconds())


def _readable(
    found: Mapping[uuid.UUID, Sequence[ContactEvent]],
) -> Iterator[tuple[uuid.UUID, list[_Rendered]]]:
    """Render what can be opened: one conversation whose key is gone holds up no other."""
    for contact_id, events in found.items():
        try:
            yield contact_id, [_render(event) for event in events]
        except CannotOpen:
            log(Event.STREAM_READ_FAILED, level=logging.ERROR, error="CannotOpen")


def _deliver_to(stream: Stream, events: list[_Rendered]) -> bool:
    """Return whether it got something new."""
    before = stream.seq
    for seq, chunks, last, alone, moved, _at in events:
        if alone:
            stream.seq = seq - 1  # What this stream hasn't had was deleted.
        stream.offer(seq, chunks.get(stream.audience))
        ends = last or (moved and stream.audience is AuthorKind.SPECIALIST)
        if ends and stream.seq == seq:
            stream.close()
    return stream.seq > before


def _render(event: ContactEvent) -> _Rendered:
    chunks = {AuthorKind.SPECIALIST: _chunk("contact", present.for_desk(event), event.seq)}
    if shown := present.for_visitor(event):
        chunks[AuthorKind.VISITOR] = _chunk("contact", shown, event.seq)
    last = event.kind == EventKind.ENDED
    alone = last and event.body.get("reason") == EndReason.DELETED
    moved = event.kind in _MOVES
    return _Rendered(event.seq, chunks, last, alone, moved, event.created_at)


def _seen_chunk(who: AuthorKind, seq: int) -> bytes:
    return _chunk("seen", {"who": who.value, "seq": seq})


def _chunk(name: str, data: dict[str, Any], seq: int | None = None) -> bytes:
    number = "" if seq is None else f"id: {seq}\n"
    return f"{number}event: {name}\ndata: {_JSON.encode(data)}\n\n".encode()
