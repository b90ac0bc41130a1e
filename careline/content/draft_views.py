"""The screens of drafts from questions: what waits, one draft, and the steps that it takes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careline.accounts.permissions import may_approve_content, may_edit_content
from careline.content.actions.drafting import (
    change_draft,
    discard_draft,
    send_draft,
    send_draft_back,
    sign_draft,
    why_not_sign_draft,
    withdraw_draft,
)
from careline.content.draft_form import DraftForm
from careline.content.enums import DraftKind, DraftState
from careline.content.errors import PublishingRefused
from careline.content.models import ApprovedAnswer, QuestionDraft, RefusalClass, Sentence
from careline.content.telling import telling
from careline.core.access import staff

_DONE_SHOWN = 50


@staff(may_edit_content)
@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """Every draft by what has to be done with it."""
    rows = QuestionDraft.objects.prefetch_related("authors").select_related("approval")
    done = rows.filter(state__in=[DraftState.SIGNED, DraftState.DISCARDED])
    context = {"waiting": rows.waiting(), "open": rows.open(), "done": done[:_DONE_SHOWN]}
    return render(request, "content/drafts/list.html", context)


@staff(may_edit_content)
@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """One draft."""
    found = _draft(pk)
    return _screen(request, found, DraftForm(found))


@staff(may_edit_content)
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what was changed; with the other button, send it for review too."""
    found = _draft(pk)
    form = DraftForm(found, request.POST)
    if not form.is_valid():
        return _screen(request, found, form)
    try:
        change_draft(found, acting_user=request.user, **form.values())  # type: ignore[arg-type]
        if "send" in request.POST:
            send_draft(found, acting_user=request.user)  # type: ignore[arg-type]
    except PublishingRefused as refusal:
        form.add_error(None, str(refusal))
        return _screen(request, found, form)
    messages.success(request, _("Sent for review.") if "send" in request.POST else _("Saved."))
    return redirect("question_draft", pk)


@staff(may_edit_content)
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign exactly the text that the screen showed."""
    found, read = _draft(pk), request.POST.get("as_read", "")
    with telling(request, _("Signed. It is used from now on.")):
        sign_draft(found, acting_user=request.user, as_read=read)  # type: ignore[arg-type]
    return redirect("question_draft", pk)


@staff(may_edit_content)
@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the draft back to its editor with words."""
    words = request.POST.get("words", "")
    with telling(request, _("Sent back.")):
        send_draft_back(_draft(pk), words, acting_user=request.user)  # type: ignore[arg-type]
    return redirect("question_draft", pk)


@staff(may_edit_content)
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the draft away."""
    with telling(request, _("Put away.")):
        discard_draft(_draft(pk), acting_user=request.user)  # type: ignore[arg-type]
    return redirect("question_drafts")


@staff(may_edit_content)
@require_POST
def take_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what was signed out of use at once."""
    with telling(request, _("Withdrawn.")):
        withdraw_draft(_draft(pk), acting_user=request.user)  # type: ignore[arg-type]
    return redirect("question_draft", pk)


def _draft(pk: int) -> QuestionDraft:
    return get_object_or_404(QuestionDraft, pk=pk)


def _screen(request: HttpRequest, found: QuestionDraft, form: DraftForm) -> HttpResponse:
    waits = found.state == DraftState.IN_REVIEW
    reviewer = may_approve_content(request.user)
    context: dict[str, Any] = {
        "draft": found,
        "form": form,
        "says": _says(found),
        "authors": [each.shown_name for each in found.authors.all()],
        "may_review": waits and reviewer,
        "why_not": why_not_sign_draft(request.user, found) if waits else "",  # type: ignore[arg-type]
    }
    return render(request, "content/drafts/one.html", context, status=422 if form.errors else 200)


def _says(found: QuestionDraft) -> list[str]:
    """The words that an asker would get, where they are known."""
    if found.kind == DraftKind.REFUSAL:
        refusal = RefusalClass.objects.filter(pk=found.refusal).first()
        return refusal.text_in(found.language) if refusal else []
    names = list(found.sentences)
    if found.kind == DraftKind.VARIANT:
        answer = ApprovedAnswer.objects.filter(pk=found.answer_key).first()
        names = [str(part) for part in answer.parts.all()] if answer else []
    return [text for name in names if (text := _sentence(name, found.language))]


def _sentence(name: str, language: str) -> str:
    row = Sentence.objects.approved().in_language(language).named(name).first()
    return row.shown_text if row else ""
