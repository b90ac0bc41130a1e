"""Keeping what may be kept of a question that wasn't answered, or whose answer didn't help.

A deployment switches it off with KEEP_WORDS_OF_QUESTIONS=no; then nothing is kept.
"""

import datetime as dt
import logging
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.db.models import F

from careline.accounts.models import Staff
from careline.accounts.permissions import may_edit_content
from careline.answers.asked_words import Vocabulary, outside_names, stripped
from careline.answers.models import AskedQuestion, Outcome
from careline.answers.replies import Answer
from careline.content import models as content
from careline.content import version
from careline.core import clock
from careline.core.events import Event, log
from careline.core.ratelimit import Limit, allow

# Of so many sentences the words are taken; a pack has some hundreds.
_SENTENCES_READ = 20_000
_vocabulary: tuple[int, Vocabulary] | None = None


def keep_if_refused(answer: Answer) -> None:
    """Keep the words of a question that was refused. Never raises.

    Somebody in danger isn't a matter for editors: nothing is kept of what they wrote.
    """
    if answer.refusal is not None:
        _keep(answer, Outcome.REFUSED, refusal=answer.refusal.kind)


def keep_verdict(answer: Answer, *, helped: bool) -> None:
    """Keep that an answer helped, or the words of the question to which it didn't. Never raises."""
    if answer.sentences:
        outcome = Outcome.HELPFUL if helped else Outcome.UNHELPFUL
        _keep(answer, outcome, sentence=answer.sentences[0].id)


def _keep(answer: Answer, outcome: Outcome, *, refusal: str = "", sentence: str = "") -> None:
    if not settings.KEEP_WORDS_OF_QUESTIONS or answer.in_danger:
        return
    if not allow(Limit.KEEP_WORDS, "everybody"):
        return
    try:
        words = ""
        if outcome is not Outcome.HELPFUL:
            words = stripped(answer.question, answer.language, vocabulary())
        if words or outcome is Outcome.HELPFUL:
            _add(words, answer.language, outcome, refusal, sentence)
    except DatabaseError:  # The reply matters, not what is learnt from it.
        log(Event.ASKED_NOT_KEPT, level=logging.WARNING)


@transaction.atomic
def _add(words: str, language: str, outcome: Outcome, refusal: str, sentence: str) -> None:
    """Count one more. Leaves no audit row: that trail is for ever, and this is nobody's deed."""
    today = clock.today()
    row, created = AskedQuestion.objects.get_or_create(
        asked_on=today,
        language=language,
        outcome=outcome,
        refusal=refusal,
        sentence=sentence,
        words=words,
        defaults={"delete_on": today + dt.timedelta(days=settings.RETENTION_DAYS_QUESTIONS)},
    )
    if not created:
        AskedQuestion.objects.filter(pk=row.pk).update(count=F("count") + 1)


def vocabulary() -> Vocabulary:
    """Return the words of what is approved now, read anew when the content changes."""
    global _vocabulary
    current = version.current()
    held = _vocabulary
    if held is None or held[0] != current:
        held = (current, _read())
        _vocabulary = held
    return held[1]


def _read() -> Vocabulary:
    approved = content.Sentence.objects.approved().order_by("pk")
    texts = [
        *approved.values_list("text", flat=True)[:_SENTENCES_READ],
        *content.QuestionVariant.objects.in_use().values_list("text", flat=True),
        *content.RefusalExample.objects.in_use().values_list("text", flat=True),
    ]
    return Vocabulary.of(texts, _names())


def _names() -> list[str]:
    names = list(outside_names())
    for drug in content.Drug.objects.prefetch_related("brands"):
        brands = (brand.name for brand in drug.brands.all())
        names += [drug.generic, *drug.misspellings, *drug.targets, *brands]
    for regimen in content.Regimen.objects.all():
        names += [*regimen.names.values(), *regimen.aliases]
    for event in content.AdverseEvent.objects.all():
        names += [
            *event.names.values(),
            *(name for lay in event.lay_names.values() for name in lay),
        ]
    return names


@transaction.atomic
def forget_wordings(words: Iterable[str], language: str, *, acting_user: Staff) -> int:
    """Delete what is kept of these wordings, on all days: an editor has dealt with them."""
    if not may_edit_content(acting_user):
        raise PermissionDenied
    count, _each = AskedQuestion.objects.filter(words__in=list(words), language=language).delete()
    return count
