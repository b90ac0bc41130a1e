"""Counting requests, and giving the numbers to whoever brings the token."""

import threading
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden

from careline.core import metrics
from careline.core.access import probe
from careline.core.ratelimit import Limit

GetResponse = Callable[[HttpRequest], HttpResponse]
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
_LIVE = frozenset({"events", "messages", "typing"})


@probe(limit=Limit.PAGE)
def numbers(request: HttpRequest) -> HttpResponse:
    """Give this process's numbers; without a token in the settings there is nothing here."""
    if not metrics.is_on():
        raise Http404
    if not metrics.may_read(request.headers.get("Authorization", "")):
        return HttpResponseForbidden(content_type="text/plain")
    return HttpResponse(metrics.text(), content_type=metrics.CONTENT_TYPE)


class MetricsMiddleware:
    """Count each page by its route: the pattern, in which no id and no word stands."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        route = (match.route or "/") if match else "(none)"
        _count(route, request.method or "", response.status_code)
        metrics.REQUEST_SECONDS.labels(route).observe(time.perf_counter() - began)
        return response


def counted(application: Application) -> Application:
    """Return the live path's application, which counts what it answers."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        last = scope["path"].rstrip("/").rpartition("/")[2]
        route = f"live/{last}" if last in _LIVE else "live"

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                _count(route, scope["method"], message["status"])
                metrics.REQUEST_SECONDS.labels(route).observe(time.perf_counter() - began)
            await send(message)

        await application(scope, receive, watched)

    return answer


def _count(route: str, method: str, status: int) -> None:
    metrics.REQUESTS.labels(route, method if method in _METHODS else "other", status).inc()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing: a log of addresses is kept nowhere."""


def serve(host: str, port: int) -> int:
    """Give the numbers of a process without pages, the worker, on a port; return that port."""
    server = make_server(host, port, _worker_numbers, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server.server_port


def _worker_numbers(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    if not metrics.may_read(environ.get("HTTP_AUTHORIZATION", "")):
        start_response("403 Forbidden", [("Content-Type", "text/plain")])
        return [b""]
    start_response("200 OK", [("Content-Type", metrics.CONTENT_TYPE)])
    return [metrics.text()]
