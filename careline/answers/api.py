"""POST /api/ask: the same object as a line of the batch file, for other programs."""

import json
from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from careline.answers import ask as ask_careline
from careline.core.access import public
from careline.core.ratelimit import Limit
from careline.core.text import too_long


@dataclass(frozen=True)
class _Asked:
    question: str
    language: str | None
    before: str


class _Refused(Exception):
    """The request can't be answered: an HTTP status, a name for it, and what to do."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.message = message


# No session, no cookie, nothing stored: there is nothing for a forged request to do.
@csrf_exempt
@never_cache
@public(limit=Limit.ASK)
def ask(request: HttpRequest) -> JsonResponse:
    """Answer {"question": "…", "language": "en"}, sent as JSON or as a form.

    "before" may carry the question asked before, for one that goes on from it. Nothing is kept.

    400 when it can't be read, 405 for anything but POST, 413 when it is too
    long, 429 when too many come from one place; each with a kind message.
    """
    try:
        asked = _parse(request)
    except _Refused as refused:
        body = {"error": refused.error, "message": refused.message}
        response = JsonResponse(body, status=refused.status)
        if refused.status == 405:
            response["Allow"] = "POST"
        return response
    answer = ask_careline(asked.question, language=asked.language, before=asked.before)
    return JsonResponse(answer.as_dict())


def _parse(request: HttpRequest) -> _Asked:
    if request.method != "POST":
        raise _Refused(405, "method_not_allowed", _("Please send your question with POST."))
    try:
        fields = _fields(request)
    except RequestDataTooBig as problem:
        raise _too_long() from problem
    question, language = fields.get("question"), fields.get("language")
    if not isinstance(question, str) or not question.strip():
        raise _Refused(400, "question_missing", _('Please send a text in the field "question".'))
    if too_long(question):
        raise _too_long()
    before = fields.get("before")
    return _Asked(
        question,
        language if isinstance(language, str) else None,
        before if isinstance(before, str) else "",
    )


def _fields(request: HttpRequest) -> dict[str, object]:
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        try:
            return dict(request.POST.items())
        except MultiPartParserError as problem:
            raise _unreadable() from problem
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError) as problem:
        raise _unreadable() from problem
    if not isinstance(sent, dict):
        raise _unreadable()
    return sent


def _unreadable() -> _Refused:
    return _Refused(
        400,
        "unreadable",
        _('We couldn\'t read this. Please send JSON such as {"question": "What is PD-1?"}.'),
    )


def _too_long() -> _Refused:
    return _Refused(413, "too_long", _("Your text is too long. Please send a shorter question."))
