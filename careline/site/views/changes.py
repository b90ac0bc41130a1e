"""What changed in the reviewed information: one page's history, and a feed of all pages."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careline.content import history as page_history
from careline.content.models import ReviewedPage
from careline.core.access import public
from careline.core.addresses import public_base
from careline.core.ratelimit import Limit

_LATEST = 40


@require_safe
@public(limit=Limit.PAGE)
def history(request: HttpRequest, key: str) -> HttpResponse:
    """Show what changed on a page that readers may see, sentence by sentence."""
    page = ReviewedPage.objects.signed_as(key, get_language() or "")
    if page is None:
        raise Http404
    context = {"page": page, "entries": page_history.of_page(page)}
    return render(request, "site/history.html", context)


@require_safe
@public(limit=Limit.PAGE)
def feed(request: HttpRequest) -> HttpResponse:
    """Give the pages that were signed last, newest first, as Atom (RFC 4287)."""
    base = public_base(request)
    made = Atom1Feed(
        title=_("%(name)s: what changed in our information") % {"name": settings.ORGANISATION_NAME},
        link=base + reverse("site:home"),
        description="",
        language=get_language(),
        feed_url=base + request.path,
        author_name=settings.ORGANISATION_NAME,
    )
    for page in _latest():
        _add(made, page, base)
    content_type = "application/atom+xml; charset=utf-8"
    return HttpResponse(made.writeString("utf-8"), content_type=content_type)


def _latest() -> list[ReviewedPage]:
    pages = ReviewedPage.objects.signed().in_language(get_language() or "")
    return list(pages.select_related("locale").order_by("-last_published_at", "title")[:_LATEST])


def _add(made: Atom1Feed, page: ReviewedPage, base: str) -> None:
    entries = page_history.of_page(page)
    newest = next((entry for entry in entries if not entry.withdrawn), None)
    if newest is None:
        return
    link = f"{base}{page.url}"
    made.add_item(
        title=page.title,
        link=link,
        description=_summary(page, newest),
        unique_id=f"{link}?revision={newest.revision}",
        pubdate=page.first_published_at,
        updateddate=newest.at,
        author_name=newest.reviewer,
    )


def _summary(page: ReviewedPage, entry: page_history.Entry) -> str:
    if entry.first:
        return page.summary
    number = len(entry.changes)
    if not number:
        return _("Reviewed again. No sentence changed.")
    words = ngettext("%(number)s sentence changed.", "%(number)s sentences changed.", number)
    return words % {"number": number}
