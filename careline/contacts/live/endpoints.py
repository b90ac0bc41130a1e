"""The live path: raw ASGI endpoints under ``/live/``, without Django's request handling.

============================================  ====================================================
GET /live/contacts/<id>/events                Server-Sent Events; ``id`` is the number in the log;
                                              resumes by ``Last-Event-ID`` or ``?after=``
POST /live/contacts/<id>/messages             ``{"client_id", "text"}`` -> 201 ``{"seq"}`` once
                                              stored; the same client id gives the same number
POST /live/contacts/<id>/typing               told to the other side, not stored -> 202
POST /live/contacts/<id>/seen?seq=            read up to this number: told likewise -> 202
============================================  ====================================================

Staff add ``?as=staff``. Errors are ``{"error": code, "message": words}``.
"""

import asyncio
import json
import logging
import re
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from careline.contacts import actions
from careline.contacts import log as contact_log
from careline.contacts.errors import ClientIdTaken, ContactEnded, ContactMissing, ContactRefused
from careline.contacts.live.auth import Caller
from careline.contacts.live.http import (
    STREAM_HEADERS,
    Gone,
    Receive,
    Refusal,
    Request,
    Scope,
    Send,
    read_body,
    refuse,
    reply,
    reply_bytes,
    too_long,
)
from careline.contacts.live.hub import Stream
from careline.contacts.live.process import Live
from careline.contacts.live.writer import WriterBusy
from careline.contacts.log import Draft
from careline.core import text as typed
from careline.core.events import Event, log
from careline.core.keys import is_key
from careline.core.ratelimit import Limit

# The client comes back after so long; a stream ends after an hour, so that a session
# that was closed meanwhile is noticed.
RETRY_MILLISECONDS = 2_000
STREAM_SECONDS = 3_600.0

_PATH = re.compile(r"/live/contacts/([0-9a-fA-F-]{32,36})/(events|messages|typing|seen)/?")
_METHODS = {"events": "GET", "messages": "POST", "typing": "POST", "seen": "POST"}

_live: Live | None = None


async def start_live() -> None:
    """Start this process's writer and hub."""
    global _live
    if _live is None:
        _live = Live(asyncio.get_running_loop())
        _live.start()


async def stop_live() -> None:
    """End all streams and stop, after everything taken is on disk."""
    global _live
    stopping, _live = _live, None
    if stopping is not None:
        await stopping.stop()


def running() -> Live | None:
    """Return what serves the live path in this process; None before it starts."""
    return _live


async def live_application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one live request."""
    request = Request.of(scope)
    try:
        await _answer(request, receive, send)
    except Refusal as refusal:
        await refuse(send, refusal, request.language)
    except Gone:
        return
    except Exception as error:
        log(Event.SERVER_ERROR, level=logging.ERROR, error=type(error).__name__, path="live")
        await refuse(send, _unavailable(), request.language)


async def _answer(request: Request, receive: Receive, send: Send) -> None:
    contact_id, what = _route(request)
    if _live is None:
        raise _unavailable()
    caller = await _live.doorkeeper.admit(request, contact_id, to_read=what == "events")
    limit = Limit.STREAM if what == "events" else Limit.SEND
    if what in ("events", "messages") and not _live.meter.allows(limit, caller.name):
        raise Refusal(429, "too_often", _("That was a lot at once. Please wait a minute."), 60)
    if what == "events":
        await _stream(_live, caller, request, receive, send)
    elif what == "messages":
        await _message(_live, caller, receive, send)
    else:
        if what == "seen":
            seq = contact_log.number_in(request.parameter("seq"))
            _live.seen(caller.contact_id, caller.side, seq)
        else:
            _live.typing(caller.contact_id, caller.side)
        await reply(send, 202, {}, None)


def _route(request: Request) -> tuple[uuid.UUID, str]:
    """Return the contact and what is asked of it. Raises Refusal."""
    if not request.host_is_known:
        raise Refusal(400, "unknown_host", _("This address isn't ours."))
    match = _PATH.fullmatch(request.path)
    try:
        contact_id = uuid.UUID(match[1]) if match else None
    except ValueError:
        contact_id = None
    if match is None or contact_id is None:
        raise Refusal(404, "not_found", _("There is nothing here."))
    if request.method != _METHODS[match[2]]:
        raise Refusal(405, "method", _("This can't be done here."))
    if request.method == "POST" and not request.comes_from_here:
        raise Refusal(403, "other_site", _("Please send your message from our own page."))
    return contact_id, match[2]


# Messages.


async def _message(live: Live, caller: Caller, receive: Receive, send: Send) -> None:
    draft = _draft(caller, await read_body(receive))
    try:
        event = await live.writer.submit(draft)
    except WriterBusy:
        raise Refusal(503, "busy", _("We are very busy. Please try again."), 1) from None
    except ContactRefused as refused:
        raise _refusal_of(refused) from None
    except Exception as error:
        log(Event.SERVER_ERROR, level=logging.ERROR, error=type(error).__name__, path="live")
        raise _unavailable() from None
    await reply_bytes(send, 201, b'{"seq": %d}' % event.seq)


def _draft(caller: Caller, body: bytes) -> Draft:
    """Read a message. Raises Refusal with words that say what is missing."""
    fields = _json_object(body)
    text, client_id = fields.get("text"), fields.get("client_id")
    if not is_key(client_id):
        raise Refusal(400, "client_id", _("The message needs an id of its own."))
    if isinstance(text, str) and typed.too_long(text):
        raise too_long()
    draft = _words(caller, text, client_id) if isinstance(text, str) else None
    if draft is None or not draft.body["text"]:
        raise Refusal(400, "empty", _("Write something first."))
    return draft


def _words(caller: Caller, text: str, client_id: str) -> Draft:
    if caller.staff:
        return actions.specialist_words(caller.staff, caller.contact_id, text, client_id)
    return actions.visitor_words(caller.contact_id, text, client_id)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body.decode())
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        words = _(
            "We couldn't read that message. Please load the page again and send it once more."
        )
        raise Refusal(400, "unreadable", words)
    return fields


def _refusal_of(refused: ContactRefused) -> Refusal:
    if isinstance(refused, ContactEnded):
        return Refusal(409, refused.code, _("This conversation has ended."))
    if isinstance(refused, ContactMissing):
        return Refusal(404, refused.code, _("We can't find this conversation any more."))
    if isinstance(refused, ClientIdTaken):
        return Refusal(409, refused.code, _("Please send that once more."))
    return Refusal(409, refused.code, _("Nobody has accepted this contact yet."))


def _unavailable() -> Refusal:
    words = _("We couldn't store that just now. Please try again, or call us.")
    return Refusal(503, "unavailable", words, 2)


# Streams.


async def _stream(
    live: Live, caller: Caller, request: Request, receive: Receive, send: Send
) -> None:
    stream = live.hub.open(caller.contact_id, caller.side, _position(request))
    log(Event.STREAM_OPENED, side=caller.side.value)
    watcher = asyncio.create_task(_close_when_gone(receive, stream))
    end = asyncio.get_running_loop().call_later(STREAM_SECONDS, stream.close)
    try:
        await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
        await _send_chunk(send, f"retry: {RETRY_MILLISECONDS}\n\n".encode())
        while chunk := await stream.take():
            await _send_chunk(send, chunk)
            live.hub.caught_up(stream)
        await send({"type": "http.response.body", "body": b""})
    finally:
        end.cancel()
        watcher.cancel()
        live.hub.close(stream)


def _position(request: Request) -> int:
    """Return the number after which to go on; the browser's own header wins."""
    return contact_log.number_in(request.header(b"last-event-id") or request.parameter("after"))


async def _send_chunk(send: Send, chunk: bytes) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _close_when_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.close()
