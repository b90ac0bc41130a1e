"""How hard a text reads that an editor is typing. Nothing of it is kept."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_POST

from careline.accounts.permissions import may_edit_content
from careline.content.reading_levels import of_typed
from careline.core.access import staff
from careline.core.ratelimit import Limit

# A page several times as long as the longest of ours; more is a mistake.
MOST_CHARACTERS = 200_000
MOST_CONFLICTS = 50


@staff(may_edit_content, limit=Limit.MEASURE)
@require_POST
def measure(request: HttpRequest) -> HttpResponse:
    """Return the figures of the sentences in the form, as the panel shows them."""
    texts = request.POST.getlist("text")
    conflicts = request.POST.getlist("conflict")
    language = request.POST.get("language", "")
    known = language in dict(settings.LANGUAGES)
    if not known or len(conflicts) > MOST_CONFLICTS or sum(map(len, texts)) > MOST_CHARACTERS:
        return HttpResponseBadRequest()
    context = {"reading": of_typed(texts, conflicts, language), "typed": True}
    return render(request, "content/reading_figures.html", context)
