"""The ask page. A question is never in an address, never logged, never stored as it was typed."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from careline.answers import ask as ask_careline
from careline.answers.asked import keep_if_refused
from careline.answers.forms import AskForm
from careline.core.access import public
from careline.core.errors import bad_request
from careline.core.ratelimit import Limit


# Nobody is signed in, and of a question at most words of our own pages are kept: there is
# nothing that a forged request could do. Without the token the page works with cookies off.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public(limit=Limit.ASK)
def ask(request: HttpRequest) -> HttpResponse:
    """Show the form, or the reply to what was typed into it."""
    if request.method != "POST":
        return render(request, "answers/ask.html", {"form": AskForm()})
    try:
        form = AskForm(request.POST)
    except RequestDataTooBig as problem:
        return bad_request(request, problem)
    if not form.is_valid():
        return render(request, "answers/ask.html", {"form": form}, status=_status(form))
    return _show(request, form)


def _status(form: AskForm) -> int:
    return 413 if form.has_error("question", "too_long") else 400


def _show(request: HttpRequest, form: AskForm) -> HttpResponse:
    typed = form.cleaned_data
    answer = ask_careline(typed["question"], language=get_language(), before=typed["before"])
    keep_if_refused(answer)
    context = {"answer": answer, "card": answer.card, "form": form}
    context["may_judge"] = settings.KEEP_WORDS_OF_QUESTIONS
    return render(request, "answers/answer.html", context)
