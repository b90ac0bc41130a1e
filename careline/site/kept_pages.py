"""Published pages kept ready, as they were rendered, for readers whom nobody knows.

A kept page is served only while everything that it was made from is the same: the
number of the content's state (asked of the database each time, so a withdrawal
counts at once), the day, and what the help bar says is open (read at most
`_OPENING_SECONDS` ago). Whoever brings a cookie beyond those named here gets a page
of their own; nothing that sets a cookie is kept. A kept page isn't counted by the
rate limits, as static files aren't: it costs no more.
"""

import datetime as dt
import hashlib
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

from careline.contacts import hours
from careline.content import version
from careline.core import clock
from careline.site.page_names import OWN_PAGES, REVIEWED_PAGE

# What these show depends on the state of the content, the day and the help bar alone.
_KEPT_VIEWS = frozenset({*OWN_PAGES, REVIEWED_PAGE, "site:history"})
# "Close now" has to count everywhere within a second, with or without Redis.
_OPENING_SECONDS = 0.5
_GZIP_WINDOW = 31  # zlib's word for "with a gzip header"

Key = tuple[str, str, str, bool]


@dataclass(frozen=True)
class _Stamp:
    """What a rendered page depends on."""

    content: int
    day: dt.date
    opening: hours.OpeningStatus


@dataclass(frozen=True)
class _Kept:
    stamp: _Stamp
    body: bytes
    headers: dict[str, str]


_pages: dict[Key, _Kept] = {}
_lock = threading.Lock()
_opening: tuple[float, hours.OpeningStatus] | None = None


class KeptPagesMiddleware:
    """Answer from the kept pages where that is the same as rendering. Stands above gzip."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.most: int = settings.KEPT_PAGES
        self.harmless = {settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
        if not self.most:
            raise MiddlewareNotUsed

    def __call__(self, request: HttpRequest) -> HttpResponse:
        stamp = _stamp() if self._is_anybodys(request) else None
        if stamp is None:
            return self.get_response(request)
        key = _key(request)
        kept = _pages.get(key)
        if kept is not None and kept.stamp == stamp:
            return _reply(request, kept)
        response = self.get_response(request)
        if _may_be_kept(request, response):
            _keep(key, stamp, response, self.most)
        return response

    def _is_anybodys(self, request: HttpRequest) -> bool:
        return (
            request.method == "GET"
            and not request.META.get("QUERY_STRING")
            and (not request.META.get("HTTP_COOKIE") or self.harmless.issuperset(request.COOKIES))
        )


def forget() -> None:
    """Drop every kept page and what was known of the opening hours (tests)."""
    global _opening
    _pages.clear()
    _opening = None


def _key(request: HttpRequest) -> Key:
    packed = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    return (request.scheme or "", request.META.get("HTTP_HOST", ""), request.path_info, packed)


def _stamp() -> _Stamp | None:
    """Return what a page rendered now depends on; None when the database can't say."""
    try:
        return _Stamp(version.current(), clock.today(), _opening_now())
    except DatabaseError:
        return None


def _opening_now() -> hours.OpeningStatus:
    global _opening
    known, now = _opening, time.monotonic()
    if known is None or now - known[0] > _OPENING_SECONDS:
        known = _opening = (now, hours.status())
    return known[1]


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    return (
        match is not None
        and match.view_name in _KEPT_VIEWS
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "cookie" not in response.get("Vary", "").lower()
    )


def _keep(key: Key, stamp: _Stamp, response: HttpResponse, most: int) -> None:
    body = response.content
    plain = zlib.decompress(body, _GZIP_WINDOW) if response.get("Content-Encoding") else body
    response["ETag"] = f'W/"{hashlib.sha256(plain).hexdigest()[:20]}"'
    response["Content-Length"] = str(len(body))
    kept = _Kept(stamp, body, dict(response.items()))
    with _lock:
        _pages.pop(key, None)
        while len(_pages) >= most:
            _pages.pop(next(iter(_pages)))
        _pages[key] = kept


def _reply(request: HttpRequest, kept: _Kept) -> HttpResponse:
    asked = request.META.get("HTTP_IF_NONE_MATCH")
    if asked and kept.headers["ETag"] in parse_etags(asked):
        response: HttpResponse = HttpResponseNotModified()
        for name in ("ETag", "Cache-Control", "Vary"):
            if name in kept.headers:
                response[name] = kept.headers[name]
        return response
    return HttpResponse(kept.body, headers=kept.headers)
