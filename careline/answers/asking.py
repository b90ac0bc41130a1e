"""One question, one reply: safety first, then the engine, then what is approved right now.

To somebody who may be in danger, "we can't answer that" or a word on life expectancy does
harm. Where there is no answer for them, the care card's words are the whole reply.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext, override

from careline.answers import index
from careline.answers.citing import cited, page_links
from careline.answers.engine.language import detect
from careline.answers.engine.model import RefusalKind
from careline.answers.replies import Answer, CitedSentence, PageLink, RefusalReply
from careline.answers.search import related_page_keys
from careline.content.enums import NextStep
from careline.content.models import ApprovedAnswer, RefusalClass
from careline.content.placeholders import fill
from careline.core.events import Event, log
from careline.core.text import clean
from careline.safety import Assessment, CareCard, assess, care_card

ALL_STEPS: tuple[str, ...] = tuple(NextStep.values)
# A kind that the text plainly isn't about gets no links to pages of the content.
_UNRELATED = frozenset({RefusalKind.OFF_TOPIC, RefusalKind.INSTRUCTIONS})
_MOST_PAGES = 3
# Two answers of the usual length; more is not read.
_MOST_SENTENCES = 9


@dataclass(frozen=True)
class _Reply:
    """What is said: sentences, or a refusal."""

    language: str
    sentences: tuple[CitedSentence, ...] = ()
    refusal: RefusalReply | None = None
    next_steps: tuple[str, ...] = ALL_STEPS
    pages: tuple[PageLink, ...] = ()
    left_over: bool = False
    other: RefusalReply | None = None


def ask(text: str, *, language: str | None = None, before: str = "") -> Answer:
    """Return approved sentences that answer the question, or an honest refusal.

    `before` is the question asked before it, if this one may go on from it ("and how often?");
    whoever asks carries it along, for nothing of a conversation is kept here.

    `language` is the interface's; the reply is in the question's own language
    where its words tell, else in that one. Never raises, whatever the text
    holds: what can't be read, and whatever is broken behind it, end in a refusal.
    Nothing of the text is stored or logged. Characters over
    `settings.MAX_TYPED_CHARACTERS` aren't read.
    """
    began = time.perf_counter()
    asked = clean(text[: settings.MAX_TYPED_CHARACTERS])
    assessment = assess(asked, language)
    reply = _reply(asked, _offered(language), clean(before[: settings.MAX_TYPED_CHARACTERS]))
    card = care_card(assessment.level, reply.language)
    if reply.refusal and card and assessment.level.is_danger:
        reply = _Reply(
            reply.language, refusal=RefusalReply(RefusalKind.NOT_COVERED.value, card.text)
        )
    if reply.other and assessment.level.is_danger:
        reply = replace(reply, other=None)
    milliseconds = (time.perf_counter() - began) * 1000
    _log(reply, assessment, milliseconds)
    return _answer(asked, assessment, card, reply, milliseconds)


def _log(reply: _Reply, assessment: Assessment, milliseconds: float) -> None:
    log(
        Event.QUESTION_ASKED,
        answered=reply.refusal is None,
        refusal=reply.refusal.kind if reply.refusal else "none",
        urgency=assessment.level.value,
        language=reply.language,
        ms=milliseconds,
    )


def _answer(
    asked: str,
    assessment: Assessment,
    card: CareCard | None,
    reply: _Reply,
    milliseconds: float,
) -> Answer:
    return Answer(
        question=asked,
        language=reply.language,
        assessment=assessment,
        card=card,
        answered=reply.refusal is None,
        sentences=reply.sentences,
        refusal=reply.refusal,
        next_steps=reply.next_steps,
        pages=reply.pages,
        milliseconds=milliseconds,
        left_over=reply.left_over,
        other=reply.other,
    )


def _offered(language: str | None) -> str:
    """Return the language if this site speaks it, else the site's first."""
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _reply(asked: str, interface: str, before: str) -> _Reply:
    try:
        return _from_content(asked, interface, before)
    # Whoever may be in danger needs the care card, whatever else is broken.
    except Exception as error:
        log(Event.ANSWERS_UNAVAILABLE, level=logging.ERROR, reason=type(error).__name__)
        spoken = _offered(detect(asked, interface))
        return _Reply(spoken, refusal=_plain_refusal(RefusalKind.NOT_COVERED, spoken))


def _from_content(asked: str, interface: str, before: str) -> _Reply:
    held = index.current()
    decision = held.engine.decide(asked, interface, before)
    spoken = _offered(decision.language)
    if decision.answer is not None:
        first = _said(held, decision.answer, spoken)
        if first:
            more = _rest(held, decision.also, spoken, first)
            if len(first) + len(more) > _MOST_SENTENCES:
                return _Reply(spoken, sentences=first, left_over=bool(more))
            other = _in_words(decision.unanswered, spoken) if decision.unanswered else None
            return _Reply(spoken, sentences=first + more, other=other)
    return _refuse(decision.refusal or RefusalKind.NOT_COVERED, asked, spoken)


def _said(held: index.Index, key: str, language: str) -> tuple[CitedSentence, ...]:
    return _approved_now(key, held.compositions.get((key, language), ()))


def _rest(
    held: index.Index, keys: Sequence[str], language: str, first: Sequence[CitedSentence]
) -> tuple[CitedSentence, ...]:
    """Return what else answers a second question: shown whole or not at all, for half an answer
    can mislead."""
    known = {sentence.id for sentence in first}
    more = (one for key in keys for one in _said(held, key, language))
    return tuple(one for one in more if one.id not in known)


def _approved_now(key: str, ids: Sequence[str]) -> tuple[CitedSentence, ...]:
    """Return the answer's sentences; none if the answer or one of them isn't approved now."""
    if not ids or not ApprovedAnswer.objects.approved().filter(pk=key).exists():
        return ()
    sentences = cited(ids)
    return tuple(sentences) if len(sentences) == len(ids) else ()


def _approved_class(kind: RefusalKind) -> RefusalClass | None:
    standing = RefusalClass.objects.approved().filter(pk=kind.value)
    return RefusalClass.objects.filter(pk__in=standing).first()


def _in_words(kind: RefusalKind, language: str) -> RefusalReply:
    """Return why one of two questions has no answer, in approved words where there are any."""
    approved = _approved_class(kind)
    if approved is None:
        return _plain_refusal(kind, language)
    return RefusalReply(kind.value, fill(" ".join(approved.text_in(language))))


def _refuse(kind: RefusalKind, asked: str, language: str) -> _Reply:
    approved = _approved_class(kind)
    if approved is None:
        return _Reply(language, refusal=_plain_refusal(kind, language))
    near = [] if kind in _UNRELATED or not asked else related_page_keys(asked, language)
    keys = list(dict.fromkeys([*approved.page_keys, *near]))[:_MOST_PAGES]
    return _Reply(
        language,
        refusal=_in_words(kind, language),
        next_steps=tuple(step.value for step in approved.next_steps) or ALL_STEPS,
        pages=page_links(keys, language),
    )


def _plain_refusal(kind: RefusalKind, language: str) -> RefusalReply:
    """Return words for when no approved ones can be had."""
    with override(language):
        words = gettext(
            "We can't answer this here. A cancer information specialist can talk with you, "
            "and your care team can answer questions about your treatment."
        )
    return RefusalReply(kind.value, words)
