"""Whether an answer helped: one press below it, without JavaScript or a cookie."""

from django import forms
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from careline.answers import ask as ask_careline
from careline.answers.asked import keep_verdict
from careline.answers.forms import AskForm
from careline.core.access import public
from careline.core.errors import bad_request
from careline.core.ratelimit import Limit


class HelpedForm(AskForm):
    """The question, and the one before it, come with it again: nowhere are they kept."""

    helped = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


# Nobody is signed in, so a forged request could only add to a count; a browser that says
# that another site sent it is refused.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public(limit=Limit.FEEDBACK)
def helped(request: HttpRequest) -> HttpResponse:
    """Take yes or no, and show the answer again; what can't be read leads to the ask page."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise PermissionDenied
    try:
        form = HelpedForm(request.POST)
    except RequestDataTooBig as problem:
        return bad_request(request, problem)
    if request.method != "POST" or not form.is_valid():
        return redirect("answers:ask")
    typed = form.cleaned_data
    answer = ask_careline(typed["question"], language=get_language(), before=typed["before"])
    keep_verdict(answer, helped=typed["helped"] == "yes")
    context = {"answer": answer, "card": answer.card, "form": form, "may_judge": True}
    context["helped"] = typed["helped"]
    return render(request, "answers/answer.html", context)
