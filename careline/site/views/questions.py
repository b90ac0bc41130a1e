"""Common questions with their approved answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careline.content.structured import data_block, faq_graph
from careline.core.access import public
from careline.core.addresses import public_base
from careline.core.ratelimit import Limit
from careline.site.questions import Chapter, chapters


@require_safe
@public(limit=Limit.PAGE)
def questions(request: HttpRequest) -> HttpResponse:
    """Show what people often ask, by topic, each answer in its approved sentences."""
    listed = chapters(get_language() or "")
    context = {"chapters": listed, "page_data": _page_data(listed, request)}
    return render(request, "site/questions.html", context)


def _page_data(listed: list[Chapter], request: HttpRequest) -> str:
    pairs = [
        (_("%(question)s?") % {"question": each.question}, each.text)
        for chapter in listed
        for each in chapter.questions
    ]
    return data_block(faq_graph(pairs, public_base(request) + request.path)) if pairs else ""
