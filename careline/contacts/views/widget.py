"""What a site that embeds us loads: the script, the page that says that it may, the first page."""

import json
from functools import cache

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careline.answers import ask
from careline.answers.asked import keep_if_refused
from careline.answers.forms import AskForm
from careline.contacts import hours, tokens, visitors
from careline.contacts.views.common import language_of, page_context
from careline.core.access import public
from careline.core.errors import bad_request
from careline.core.ratelimit import Limit

_SCRIPT_SECONDS = 3600
_PLACE_OF_WORDS = "/* words */ {}"


@require_safe
@public(limit=Limit.PAGE)
def script(request: HttpRequest) -> HttpResponse:
    """Give the script for other sites, with its few words in each language."""
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={_SCRIPT_SECONDS}"
    # Sites that isolate themselves (COEP) load only what says that anybody may load it.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@cache
def _script() -> str:
    file = settings.BASE_DIR / "careline/static/js/widget.js"
    words = {code: _words(code) for code, _name in settings.LANGUAGES}
    return file.read_text(encoding="utf-8").replace(_PLACE_OF_WORDS, json.dumps(words))


def _words(language: str) -> dict[str, str]:
    with override(language):
        return {
            "open": _("Talk to a specialist"),
            "title": _("Help from %(organisation)s") % {"organisation": settings.ORGANISATION_NAME},
            "close": _("Close"),
            "news": _("A new message for you"),
        }


@require_safe
@public(limit=Limit.PAGE)
def hello(request: HttpRequest) -> HttpResponse:
    """Tell the page around that it may frame us; where it may not, no browser shows this."""
    return render(request, "contacts/widget_hello.html", {"chat_open": hours.status().chat_open})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public(limit=Limit.ASK)
def home(request: HttpRequest) -> HttpResponse:
    """Ask in one's own words, or choose a way to a person."""
    if request.method != "POST":
        return _home_page(request, AskForm())
    try:
        form = AskForm(request.POST)
    except RequestDataTooBig as problem:
        return bad_request(request, problem)
    if not form.is_valid():
        return _home_page(request, form, status=400)
    typed = form.cleaned_data
    answer = ask(typed["question"], language=language_of(request), before=typed["before"])
    keep_if_refused(answer)
    context = {**page_context(request, form), "answer": answer, "card": answer.card}
    return render(request, "contacts/widget_answer.html", context)


def _home_page(request: HttpRequest, form: AskForm, status: int = 200) -> HttpResponse:
    context = page_context(request, form)
    return render(request, "contacts/widget_home.html", context, status=status)


@never_cache
@require_POST
@public(limit=Limit.SEND)
def leave(request: HttpRequest) -> HttpResponse:
    """End the chat of who leaves in a hurry, and forget the token; the script leads away."""
    visitors.leave(request)
    response = HttpResponse(status=204)
    tokens.take_back(response, framed=True)
    return response
