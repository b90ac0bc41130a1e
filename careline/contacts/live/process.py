"""What one process needs to serve the live path, started and stopped together."""

import asyncio
import gc
import signal
import threading
import uuid
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.conf import settings

from careline.contacts import wakeup
from careline.contacts.enums import AuthorKind
from careline.contacts.live.auth import Doorkeeper
from careline.contacts.live.elsewhere import Elsewhere
from careline.contacts.live.hub import HEARTBEAT_SECONDS, Hub
from careline.contacts.live.meter import Meter
from careline.contacts.live.writer import Writer

CANCEL_SECONDS = 0.5
WARM_SECONDS = 5.0


class Live:
    """The writer, the hub, the doorkeeper, and the ear for other processes."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.hub = Hub(loop)
        self.writer = Writer(loop)
        self.doorkeeper = Doorkeeper()
        self.meter = Meter()
        self._elsewhere = Elsewhere(self.hub) if settings.REDIS_URL else None
        self._tasks: list[asyncio.Task[None]] = []
        self._stop_listening: Callable[[], None] = lambda: None
        self._restore_signals: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Start the threads and tasks."""
        self.hub.start()
        self.writer.start()
        self._stop_listening = wakeup.listen(self.hub.tell)
        self._restore_signals = _before_shutdown(self._loop, self.hub.close_all)
        self._tasks.append(self._loop.create_task(self._beat()))
        if self._elsewhere:
            self._tasks.append(self._loop.create_task(self._elsewhere.listen()))
            self._tasks.append(self._loop.create_task(self.meter.share()))

        # What was made by now stays for good; looking through it again and again would hold
        # up everybody for a tenth of a second each time.
        self._loop.call_later(WARM_SECONDS, gc.freeze)

    async def stop(self) -> None:
        """Stop everything; what the writer has taken is stored first."""
        await _end(self._tasks)
        await self.writer.stop()
        self._stop_listening()
        self._restore_signals()
        await self.hub.stop()
        self.doorkeeper.close()

    def typing(self, contact_id: uuid.UUID, who: AuthorKind) -> None:
        """Tell the other side that somebody types, wherever their stream is."""
        if self.hub.typing(contact_id, who) and self._elsewhere:
            self._loop.run_in_executor(None, wakeup.publish, [f"{contact_id} {who.value}"])

    def seen(self, contact_id: uuid.UUID, who: AuthorKind, seq: int) -> None:
        """Tell the other side up to which number somebody has read, wherever their stream is."""
        if self.hub.seen(contact_id, who, seq) and self._elsewhere:
            self._loop.run_in_executor(None, wakeup.publish, [f"{contact_id} {who.value}:{seq}"])

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            self.hub.beat()


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel and wait. A client library may swallow one cancellation, so it is said until heard."""
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=CANCEL_SECONDS)


def _before_shutdown(
    loop: asyncio.AbstractEventLoop, close_streams: Callable[[], None]
) -> Callable[[], None]:
    """End the streams when the signal to stop comes; returns how to undo this.

    The server waits for open streams before it tells us that it is stopping, so that
    message comes too late to end them.
    """
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    earlier: dict[signal.Signals, Any] = {}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(close_streams)
        then = earlier[signal.Signals(number)]
        if callable(then):
            then(number, frame)

    for name in (signal.SIGTERM, signal.SIGINT):
        earlier[name] = signal.getsignal(name)
        if callable(earlier[name]):
            signal.signal(name, handle)
    return lambda: _restore(earlier, handle)


def _restore(earlier: dict[signal.Signals, Any], ours: Any) -> None:
    for name, handler in earlier.items():
        if signal.getsignal(name) is ours:
            signal.signal(name, handler)
