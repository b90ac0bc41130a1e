"""The live path: raw ASGI endpoints (placeholder until the streams land)."""

from typing import Any


async def start_live() -> None:
    """Start the writer thread and the wake-up listener."""


async def stop_live() -> None:
    """Stop them, after everything accepted is on disk."""


async def live_application(scope: Any, receive: Any, send: Any) -> None:
    """Answer one live request."""
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})
