"""GET /api/content/…: approved pages, sentences and answers for other programs (docs/api.md).

Read-only; no session, no cookie, nothing stored. Only what is approved today is given,
and each object says under which licence it may be used, who reviewed it and when.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from django.utils.translation import override
from django.views.decorators.http import require_safe

from careline.content import licences, version
from careline.content.models import Approval, ApprovedAnswer, ReviewedPage, Sentence
from careline.content.models.review import SentenceQuerySet
from careline.core import clock
from careline.core.access import public
from careline.core.addresses import public_base
from careline.core.ratelimit import Limit

Objects = Iterable[dict[str, Any]]
View = Callable[..., HttpResponse]
_MOST = 100
_USUAL = 50


class _Refused(Exception):
    """A parameter that can't be used: its name and what it may be."""


@dataclass(frozen=True)
class _Asked:
    """The parameters of a list, checked."""

    language: str
    page: int
    size: int


def content(view: View) -> View:
    """Answer with an ETag that changes when anything approved does, 304 where it is known.

    The objects' words are in the language asked for, the API's own in English.
    """

    @wraps(view)
    def answer(request: HttpRequest, **parts: str) -> HttpResponse:
        tag = _tag(request)
        if tag in parse_etags(request.headers.get("If-None-Match", "")):
            response: HttpResponse = HttpResponseNotModified()
        else:
            try:
                response = view(request, **parts)
            except _Refused as refused:
                return _error(400, "bad_parameter", str(refused))
        if response.status_code in (200, 304):
            response["ETag"] = tag
            patch_cache_control(response, public=True, no_cache=True)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return require_safe(public(limit=Limit.SEARCH)(answer))


@content
def pages(request: HttpRequest) -> HttpResponse:
    """List the pages of a language, each with its provenance."""
    asked = _asked(request)
    found = ReviewedPage.objects.signed().in_language(asked.language)
    found = found.select_related("locale", "topic").defer("body")
    ordered = found.order_by("topic__pack", "topic__order", "order", "pk")
    known = _Known(request)
    return _listed(request, asked, ordered, lambda rows: [known.page(row) for row in rows])


@content
def page(request: HttpRequest, language: str, key: str) -> HttpResponse:
    """Give one page with its approved sentences in reading order."""
    row = ReviewedPage.objects.signed_as(key, language)
    if row is None:
        return _error(404, "not_found", "There is no approved page with this key and language.")
    known = _Known(request)
    with override(language):
        sentences = _sentences(language).filter(page=row).order_by("position")
        given = known.page(row) | {"sentences": [known.sentence(each) for each in sentences]}
    return JsonResponse(given)


@content
def sentences(request: HttpRequest) -> HttpResponse:
    """List the approved sentences of a language, of one page where `key` names it."""
    asked = _asked(request)
    found = _sentences(asked.language)
    if key := request.GET.get("key"):
        found = found.filter(page_key=key)
    known = _Known(request)
    ordered = found.order_by("page_key", "position", "pk")
    return _listed(request, asked, ordered, lambda rows: [known.sentence(row) for row in rows])


@content
def answers(request: HttpRequest) -> HttpResponse:
    """List the approved answers that are whole in a language, each with its sentences."""
    asked = _asked(request)
    approved = _sentences(asked.language).by_name()
    found = ApprovedAnswer.objects.approved().prefetch_related("parts", "variants")
    ordered = found.select_related("approval").order_by("order", "key")
    whole = [(row, parts) for row in ordered if (parts := row.whole(approved))]
    known = _Known(request)

    def given(rows: Sequence[tuple[ApprovedAnswer, list[Sentence]]]) -> Objects:
        return [known.answer(row, parts, asked.language) for row, parts in rows]

    return _listed(request, asked, whole, given)


def _sentences(language: str) -> SentenceQuerySet:
    return Sentence.objects.approved().in_language(language).with_citations()


class _Known:
    """Turns rows into objects; what they share is read once."""

    def __init__(self, request: HttpRequest) -> None:
        self._base = public_base(request)
        self._licences = licences.of_packs()

    def page(self, row: ReviewedPage) -> dict[str, Any]:
        signature = row.signature()
        return {
            "type": "page",
            "key": row.key,
            "language": row.language,
            "title": row.title,
            "summary": row.summary,
            "topic": row.topic_id,
            "url": f"{self._base}{row.url}",
            "updated_at": _moment(row.last_published_at),
            "licence": self._licence(row.pack),
            "provenance": {"written_by": row.written_by, **_signed(signature)},
        }

    def sentence(self, row: Sentence) -> dict[str, Any]:
        pack, author = (row.page.pack, row.page.written_by) if row.page else ("", "")
        return {
            "type": "sentence",
            "id": row.pk,
            "label": row.label,
            "language": row.language,
            "text": row.shown_text,
            "page": row.page_key,
            "section": row.section,
            "url": f"{self._base}{row.url}",
            "licence": self._licence(pack),
            "provenance": {
                "written_by": author,
                **_signed(row.approval),
                "sources": [_source(source) for source in row.sources.all()],
            },
        }

    def answer(self, row: ApprovedAnswer, parts: list[Sentence], language: str) -> dict[str, Any]:
        asked = [each.text for each in row.variants.all() if each.language == language]
        return {
            "type": "answer",
            "key": row.key,
            "language": language,
            "topic": row.topic_id,
            "questions": asked,
            "text": " ".join(part.shown_text for part in parts),
            "sentences": [self.sentence(part) for part in parts],
            "licence": self._licence(row.pack),
            "provenance": _signed(row.approval),
        }

    def _licence(self, pack: str) -> dict[str, str] | None:
        licence = self._licences.get(pack)
        return {"key": licence.key, "url": licence.url} if licence else None


def _signed(approval: Approval | None) -> dict[str, Any]:
    if approval is None:
        return {}
    return {
        "reviewed_by": approval.signed_by,
        "reviewed_on": approval.reviewed_on.isoformat(),
        "review_due": approval.review_due.isoformat(),
        "revision": approval.revision,
        "demonstration": approval.demonstration,
    }


def _source(source: Any) -> dict[str, Any]:
    return {
        "key": source.key,
        "kind": source.kind,
        "title": source.title,
        "publisher": source.publisher,
        "published": source.published,
        "read_on": source.read_on.isoformat() if source.read_on else None,
        "url": source.url,
    }


def _asked(request: HttpRequest) -> _Asked:
    language = request.GET.get("language", settings.LANGUAGE_CODE)
    if language not in dict(settings.LANGUAGES):
        raise _Refused("language has to be one of: " + ", ".join(dict(settings.LANGUAGES)))
    page, size = _number(request, "page", 1, 100_000), _number(request, "size", _USUAL, _MOST)
    return _Asked(language, page, size)


def _number(request: HttpRequest, name: str, default: int, most: int) -> int:
    given = request.GET.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and len(given) < 7 and 1 <= int(given) <= most):
        raise _Refused(f"{name} has to be a whole number from 1 to {most}")
    return int(given)


def _listed(
    request: HttpRequest, asked: _Asked, rows: Any, given: Callable[..., Any]
) -> JsonResponse:
    """Return one page of a list, with the addresses of those before and after it."""
    total = len(rows) if isinstance(rows, list) else rows.count()
    start = (asked.page - 1) * asked.size
    with override(asked.language):
        results = list(given(list(rows[start : start + asked.size])))
    return JsonResponse(
        {
            "total": total,
            "page": asked.page,
            "size": asked.size,
            "next": _neighbour(request, asked.page + 1) if start + asked.size < total else None,
            "previous": _neighbour(request, asked.page - 1) if asked.page > 1 else None,
            "results": results,
        }
    )


def _neighbour(request: HttpRequest, page: int) -> str:
    query = urlencode({**request.GET.dict(), "page": page})
    return f"{public_base(request)}{request.path}?{query}"


def _tag(request: HttpRequest) -> str:
    parts = (version.current(), clock.today(), public_base(request), request.get_full_path())
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:20]}"'


def _moment(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def _error(status: int, error: str, message: str) -> JsonResponse:
    return JsonResponse({"error": error, "message": message}, status=status)
