"""The editors' list of what was asked and not answered, and drafting from it."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careline.accounts.permissions import may_edit_content
from careline.answers import index, suggest_sentences
from careline.answers.asked import forget_wordings
from careline.answers.asked_words import HIDDEN
from careline.answers.clusters import Cluster, clusters
from careline.answers.models import AskedQuestion
from careline.content.actions.drafting import draft_question
from careline.content.enums import DraftKind, RefusalKind
from careline.content.errors import PublishingRefused
from careline.content.models import ApprovedAnswer, Sentence
from careline.core.access import staff
from careline.core.text import clean

SHOWN = 25
_NEAR = 3


@dataclass(frozen=True)
class Asked:
    """A cluster, with the answer that its question comes nearest to; empty for none."""

    cluster: Cluster
    nearest: str


@require_safe
@staff(may_edit_content)
def asked(request: HttpRequest) -> HttpResponse:
    """List what was asked, the most frequent first."""
    found = clusters(AskedQuestion.objects.waiting())
    context = {
        "rows": [Asked(each, _nearest(each)) for each in found[:SHOWN]],
        "more": max(0, len(found) - SHOWN),
        "answers": ApprovedAnswer.objects.order_by("key").values_list("key", flat=True),
        "refusals": RefusalKind.choices,
    }
    return render(request, "answers/editor/asked.html", context)


@require_POST
@staff(may_edit_content)
def draft(request: HttpRequest) -> HttpResponse:
    """Make the draft that was asked for, and lead to it; its wording leaves the list."""
    kind, language = request.POST.get("kind", ""), request.POST.get("language", "")
    text = clean(request.POST.get("words", ""))[:500]
    if kind not in DraftKind.values or language not in dict(settings.LANGUAGES):
        return redirect("asked_questions")
    values: dict[str, object] = {}
    if kind == DraftKind.REFUSAL:
        values["refusal"] = _one_of(RefusalKind.values, request.POST.get("refusal", ""))
    elif kind == DraftKind.VARIANT:
        values["answer_key"] = clean(request.POST.get("answer", ""))[:80]
    else:
        values |= _new_answer(text, language, clean(request.POST.get("answer", "")))
    try:
        made = draft_question(
            kind=kind,
            language=language,
            text=text,
            acting_user=request.user,  # type: ignore[arg-type]
            **values,
        )
    except PublishingRefused:
        return redirect("asked_questions")
    forget_wordings([text], language, acting_user=request.user)  # type: ignore[arg-type]
    return redirect("question_draft", made.pk)


@require_POST
@staff(may_edit_content)
def done(request: HttpRequest) -> HttpResponse:
    """Take a question off the list, with all its wordings."""
    words = [clean(each) for each in request.POST.getlist("words")]
    language = clean(request.POST.get("language", ""))
    forget_wordings(words, language, acting_user=request.user)  # type: ignore[arg-type]
    return redirect("asked_questions")


def _nearest(cluster: Cluster) -> str:
    lead = cluster.lead
    words = lead.words.replace(HIDDEN, " ")
    return index.current().engine.decide(words, lead.language).evidence.answer or ""


def _new_answer(text: str, language: str, nearest: str) -> dict[str, object]:
    """What a new answer begins with: the sentences nearest to the question, and a topic."""
    near = [each.id for each in suggest_sentences(text.replace(HIDDEN, " "), language, _NEAR)]
    rows = Sentence.objects.in_bulk(near)
    names = [f"{row.page_key}#{row.label}" for row in map(rows.get, near) if row and row.label]
    answer = ApprovedAnswer.objects.filter(pk=nearest).first()
    key = slugify(text.replace(HIDDEN, " "))[:40].strip("-")
    return {
        "answer_key": key or slugify(_("new answer")),
        "sentences": names,
        "topic": answer.topic if answer else None,
    }


def _one_of(known: list[str], given: str) -> str:
    return given if given in known else RefusalKind.NOT_COVERED.value
