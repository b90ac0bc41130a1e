import asyncio
import contextlib

from careline.contacts.live.process import _end


async def _deaf_once() -> None:
    with contextlib.suppress(asyncio.CancelledError):  # As a library does while it connects.
        await asyncio.sleep(60)
    await asyncio.sleep(60)


def test_a_task_that_swallows_a_cancellation_does_not_hold_up_the_stop() -> None:
    async def run() -> float:
        loop = asyncio.get_running_loop()
        task = loop.create_task(_deaf_once())
        await asyncio.sleep(0)
        began = loop.time()
        await _end([task])
        return loop.time() - began

    assert asyncio.run(run()) < 5
