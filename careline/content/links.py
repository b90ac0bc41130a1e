"""Whether the addresses of the sources still lead somewhere."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urldefrag, urlsplit

_AT_ONCE = 4
# What a server says to programs only: a reader may well get the page.
_TURNED_AWAY = frozenset({401, 403, 406, 429, 451})
_NOT_FOR_HEAD = frozenset({400, 403, 404, 405, 406, 501})
_AGENT = "Careline check-links (an organisation checks the sources that it cites)"


class LinkState(StrEnum):
    """What became of an address."""

    OK = "ok"
    MOVED = "moved"
    GONE = "gone"
    TURNED_AWAY = "turned away"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Link:
    """What was found: `code` is the HTTP status, 0 for no answer; `leads_to` where it moved."""

    url: str
    state: LinkState
    code: int = 0
    leads_to: str = ""


def check_all(urls: Iterable[str], *, seconds: float) -> Iterator[Link]:
    """Ask for each address once, a few at a time; `seconds` is how long to wait for each."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from pool.map(lambda url: check(url, seconds=seconds), dict.fromkeys(urls))


def check(url: str, *, seconds: float) -> Link:
    """Ask for one address, its headers first. Never raises; reads no page."""
    if urlsplit(url).scheme not in ("http", "https"):
        return Link(url, LinkState.UNREACHABLE)
    found = _ask(url, "HEAD", seconds)
    return _ask(url, "GET", seconds) if found.code in _NOT_FOR_HEAD else found


def _ask(url: str, method: str, seconds: float) -> Link:
    request = urllib.request.Request(  # noqa: S310 (http and https alone, by `check`)
        url, method=method, headers={"User-Agent": _AGENT, "Accept": "*/*"}
    )
    try:
        with urllib.request.urlopen(request, timeout=seconds) as reply:  # noqa: S310
            return _arrived(url, reply.status, reply.url)
    except urllib.error.HTTPError as error:
        error.close()
        return Link(url, _state_of(error.code), error.code)
    except (OSError, http.client.HTTPException, ValueError):
        return Link(url, LinkState.UNREACHABLE)


def _arrived(url: str, code: int, arrived: str) -> Link:
    if urldefrag(arrived).url == urldefrag(url).url:
        return Link(url, LinkState.OK, code)
    return Link(url, LinkState.MOVED, code, arrived)


def _state_of(code: int) -> LinkState:
    if code in (404, 410):
        return LinkState.GONE
    return LinkState.TURNED_AWAY if code in _TURNED_AWAY else LinkState.UNREACHABLE
