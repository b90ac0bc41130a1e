"""The screens of the medical review: what waits, the changes, the signature, the trail."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Revision

from careline.accounts.permissions import may_edit_content
from careline.content.actions import (
    comment_on,
    explain_withdrawal,
    send_back,
    send_for_review,
    settle_comment,
    sign_review,
    withdraw,
)
from careline.content.checklist import QUESTIONS
from careline.content.enums import PageState
from careline.content.errors import PublishingRefused
from careline.content.models import ReviewComment, ReviewedPage
from careline.content.review_screen import review_context
from careline.content.states import revision_to_read, standings
from careline.content.telling import telling
from careline.content.trail import trail_of
from careline.core.access import staff


@staff(may_edit_content)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Every page by what has to be done with it."""
    rows = standings()
    due = sorted(
        (row for row in rows if row.is_due_soon), key=lambda row: row.review_due or row.page.pk
    )
    context = {
        "waiting": [row for row in rows if row.draft is PageState.IN_REVIEW],
        "sent_back": [row for row in rows if row.draft is PageState.SENT_BACK],
        "due": due,
        "withdrawn": [row for row in rows if row.public is PageState.WITHDRAWN],
        "rows": rows,
    }
    return render(request, "content/review/list.html", context)


@staff(may_edit_content)
@require_safe
def review(request: HttpRequest, page_id: int) -> HttpResponse:
    """One text against what was signed last, with comments, checklist and signature."""
    page = _page(page_id)
    return _screen(request, page, _revision(page))


@staff(may_edit_content)
@require_POST
def sign(request: HttpRequest, page_id: int) -> HttpResponse:
    """Sign exactly the revision that the screen showed."""
    page = _page(page_id)
    revision = _shown_revision(request, page)
    answers = {each.key: request.POST.get(each.key, "") for each in QUESTIONS}
    whole = bool(request.POST.get("whole"))
    try:
        sign_review(
            page,
            revision,
            answers=answers,
            whole=whole,
            acting_user=request.user,  # type: ignore[arg-type]
        )
    except PublishingRefused as refusal:
        return _screen(request, page, revision, str(refusal), answers=answers, whole=whole)
    messages.success(request, _("Signed and published: “%(title)s”.") % {"title": page.title})
    return redirect("reviews")


@staff(may_edit_content)
@require_POST
def give_back(request: HttpRequest, page_id: int) -> HttpResponse:
    """Send the text back to its editor with words."""
    page = _page(page_id)
    words = request.POST.get("words", "")
    try:
        send_back(page, words, acting_user=request.user)  # type: ignore[arg-type]
    except PublishingRefused as refusal:
        return _screen(request, page, _revision(page), str(refusal), words=words)
    messages.success(request, _("Sent back to the editor: “%(title)s”.") % {"title": page.title})
    return redirect("reviews")


@staff(may_edit_content)
@require_POST
def comment(request: HttpRequest, page_id: int) -> HttpResponse:
    """Comment on one sentence, or on the whole text."""
    page = _page(page_id)
    sentence_id = request.POST.get("sentence", "")[:14]
    words = request.POST.get("words", "")
    revision = _shown_revision(request, page)
    try:
        comment_on(
            page,
            revision,
            words,
            sentence_id=sentence_id,
            acting_user=request.user,  # type: ignore[arg-type]
        )
    except PublishingRefused as refusal:
        return _screen(request, page, revision, str(refusal))
    return _back_to(page, sentence_id or "comments")


@staff(may_edit_content)
@require_POST
def settle(request: HttpRequest, page_id: int, pk: int) -> HttpResponse:
    """Mark a comment as dealt with."""
    found = get_object_or_404(ReviewComment, pk=pk, page_id=page_id)
    settle_comment(found, acting_user=request.user)  # type: ignore[arg-type]
    return _back_to(_page(page_id), found.sentence_id or "comments")


@staff(may_edit_content)
@require_POST
def send(request: HttpRequest, page_id: int) -> HttpResponse:
    """Send the newest draft for review."""
    page = _page(page_id)
    with telling(request):
        send_for_review(page, acting_user=request.user)  # type: ignore[arg-type]
    return redirect("review", page.pk)


@staff(may_edit_content)
@require_POST
def take_out(request: HttpRequest, page_id: int) -> HttpResponse:
    """Withdraw the page at once; one click is enough, since a signature brings it back."""
    page = _page(page_id)
    with telling(
        request, _("Withdrawn from pages and answers: “%(title)s”.") % {"title": page.title}
    ):
        withdraw(page, acting_user=request.user)  # type: ignore[arg-type]
    return redirect("review", page.pk)


@staff(may_edit_content)
@require_POST
def say_why(request: HttpRequest, page_id: int) -> HttpResponse:
    """Keep why the page was withdrawn."""
    page = _page(page_id)
    reason, words = request.POST.get("reason", ""), request.POST.get("words", "")
    try:
        explain_withdrawal(page, reason, words=words, acting_user=request.user)  # type: ignore[arg-type]
    except PublishingRefused as refusal:
        return _screen(request, page, _revision(page), str(refusal), reason_words=words)
    messages.success(request, _("The reason is on record."))
    return redirect("review", page.pk)


@staff(may_edit_content)
@require_safe
def preview(request: HttpRequest, page_id: int, revision_id: int) -> HttpResponse:
    """The revision as readers would see it, for those who are signed in."""
    page = _page(page_id)
    revision = get_object_or_404(page.revisions, pk=revision_id)
    response: HttpResponse = revision.as_object().make_preview_request(request)
    return response


@staff(may_edit_content)
@require_safe
def trail(request: HttpRequest, page_id: int) -> HttpResponse:
    """Who did what with the page, when."""
    page = _page(page_id)
    return render(request, "content/review/trail.html", {"page": page, "entries": trail_of(page)})


def _page(page_id: int) -> ReviewedPage:
    found = get_object_or_404(ReviewedPage, pk=page_id)
    return found.specific  # type: ignore[no-any-return]


def _revision(page: ReviewedPage) -> Revision:
    revision = revision_to_read(page)
    if revision is None:
        raise Http404
    return revision


def _shown_revision(request: HttpRequest, page: ReviewedPage) -> Revision:
    """The revision that stood on the screen when the button was pressed."""
    number = request.POST.get("revision", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    found: Revision = get_object_or_404(page.revisions, pk=int(number))
    return found


def _back_to(page: ReviewedPage, anchor: str) -> HttpResponse:
    response = redirect("review", page.pk)
    response["Location"] += f"#{anchor}"
    return response


def _screen(
    request: HttpRequest, page: ReviewedPage, revision: Revision, problem: str = "", **kept: Any
) -> HttpResponse:
    context = review_context(page, revision, request.user)
    context.update(kept, problem=problem)
    if kept.get("answers"):
        context["questions"] = [(each, kept["answers"].get(each.key)) for each in QUESTIONS]
    return render(request, "content/review/page.html", context, status=422 if problem else 200)
