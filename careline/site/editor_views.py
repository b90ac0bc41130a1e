"""The editors' list of what readers said."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from careline.accounts.permissions import may_edit_content
from careline.content.models import ReviewedPage
from careline.core.access import staff
from careline.site.actions import settle_feedback
from careline.site.models import PageFeedback


@dataclass(frozen=True)
class Tally:
    """How many found one page helpful, and how many didn't."""

    page: ReviewedPage | None
    key: str
    yes: int
    no: int


@require_safe
@staff(may_edit_content)
def feedback(request: HttpRequest) -> HttpResponse:
    """List the notes that wait, then each page's yes and no."""
    notes = list(PageFeedback.objects.waiting())
    pages = _pages()
    context = {
        "notes": [(note, pages.get((note.page_key, note.language))) for note in notes],
        "tallies": list(_tallies(pages)),
    }
    return render(request, "site/editor_feedback.html", context)


@require_POST
@staff(may_edit_content)
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one note off the list."""
    note = get_object_or_404(PageFeedback.objects.waiting(), pk=pk)
    settle_feedback(note, acting_user=request.user)  # type: ignore[arg-type]
    return redirect("readers_feedback")


def _pages() -> dict[tuple[str, str], ReviewedPage]:
    rows = ReviewedPage.objects.select_related("locale").defer("body")
    return {(page.key, page.language): page for page in rows}


def _tallies(pages: dict[tuple[str, str], ReviewedPage]) -> Iterable[Tally]:
    counted = (
        PageFeedback.objects.exclude(helpful=None)
        .order_by()
        .values("page_key", "language")
        .annotate(yes=Count("pk", filter=Q(helpful=True)), no=Count("pk", filter=Q(helpful=False)))
        .order_by("-no", "page_key", "language")
    )
    for row in counted:
        key, language = row["page_key"], row["language"]
        yield Tally(pages.get((key, language)), f"{key} ({language})", row["yes"], row["no"])
