"""The little of HTTP that the live path needs: a request's parts and a JSON reply."""

import json
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host
from django.utils import translation
from django.utils.translation import get_supported_language_variant

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# The longest message as JSON, when every character is escaped as a pair of surrogates.
BODY_LIMIT = settings.MAX_TYPED_CHARACTERS * 12 + 2_000
_COMMON_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]
JSON_HEADERS = [(b"content-type", b"application/json"), *_COMMON_HEADERS]
STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),
    *_COMMON_HEADERS,
]


class Refusal(Exception):
    """A reply with an error: a stable code, and words that say what to do."""

    def __init__(self, status: int, code: str, words: Any, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.words = words
        self.retry_after = retry_after


class Gone(Exception):
    """The client went away before its request was whole."""


@dataclass(slots=True)
class Request:
    """The parts of one request."""

    method: str
    path: str
    headers: dict[bytes, bytes]
    query: dict[str, list[str]]

    @classmethod
    def of(cls, scope: Scope) -> "Request":
        """Read a connection scope."""
        given = scope.get("query_string", b"")
        query = parse_qs(given.decode("latin-1")) if given else {}
        return cls(scope["method"], scope["path"], dict(scope["headers"]), query)

    def header(self, name: bytes) -> str:
        """Return a header's value, empty if it isn't there."""
        return self.headers.get(name, b"").decode("latin-1")

    def parameter(self, name: str) -> str:
        """Return a query parameter's last value, empty if it isn't there."""
        return self.query.get(name, [""])[-1]

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies."""
        return parse_cookie(self.header(b"cookie"))

    @property
    def language(self) -> str:
        """The language for words in a reply: what the page or the browser asks for."""
        wanted = self.parameter("lang") or self.header(b"accept-language")[:2]
        try:
            return get_supported_language_variant(wanted.lower() or settings.LANGUAGE_CODE)
        except LookupError:
            return settings.LANGUAGE_CODE

    @property
    def host_is_known(self) -> bool:
        """Whether the deployment serves under this host name."""
        return _is_known(self.header(b"host"), tuple(settings.ALLOWED_HOSTS))

    @property
    def comes_from_here(self) -> bool:
        """Whether one of our own pages sent this: the defence against forged posts.

        Browsers name the origin of every post; a request that doesn't isn't from one.
        """
        site = self.header(b"sec-fetch-site")
        if site:
            return site == "same-origin"
        origin = self.header(b"origin")
        return _host_of(origin) == self.header(b"host") or origin in settings.CSRF_TRUSTED_ORIGINS


@lru_cache(maxsize=256)
def _is_known(host: str, allowed: tuple[str, ...]) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, allowed)


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None  # Not an origin at all.


async def read_body(receive: Receive) -> bytes:
    """Return the whole body. Raises Refusal over the limit, Gone if the client left."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body += bytes(message.get("body", b""))
        if len(body) > BODY_LIMIT:
            raise too_long()
        if not message.get("more_body", False):
            return body


def too_long() -> Refusal:
    """Return the refusal of a message that is longer than the limit."""
    words = translation.gettext_lazy(
        "This is more than we can take in one message. Please send it in parts."
    )
    return Refusal(413, "too_long", words)


async def reply(send: Send, status: int, data: dict[str, Any], retry_after: int | None) -> None:
    """Send a JSON reply."""
    more = [] if retry_after is None else [(b"retry-after", b"%d" % retry_after)]
    await reply_bytes(send, status, json.dumps(data, ensure_ascii=False).encode(), more)


async def reply_bytes(
    send: Send, status: int, body: bytes, more_headers: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    """Send a reply that is JSON already."""
    headers = [*JSON_HEADERS, (b"content-length", b"%d" % len(body)), *more_headers]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def refuse(send: Send, refusal: Refusal, language: str) -> None:
    """Send a refusal in words of this language."""
    with translation.override(language):
        data = {"error": refusal.code, "message": str(refusal.words)}
    await reply(send, refusal.status, data, refusal.retry_after)
