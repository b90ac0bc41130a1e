"""Why a question got its reply: for staff, never for visitors.

It asks twice, once for the reply as everybody gets it and once for the engine's evidence,
so that what is explained is what is said.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from careline.answers import index
from careline.answers.asking import ask
from careline.answers.engine.decide import Lines
from careline.answers.engine.model import Decision, Evidence
from careline.answers.replies import Answer
from careline.core.text import clean
from careline.safety import Assessment


@dataclass(frozen=True)
class Explanation:
    """A reply with the evidence for it. `by_words_alone`: the encoder wasn't there."""

    answer: Answer
    decision: Decision
    lines: Lines
    by_words_alone: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the evidence as JSON can hold it."""
        evidence = asdict(self.decision.evidence)
        signs = [asdict(sign) for sign in self.answer.assessment.signs]
        return {
            **{
                name: list(each) if isinstance(each, tuple) else each
                for name, each in evidence.items()
            },
            "chosen": self.decision.answer,
            "by_words_alone": self.by_words_alone,
            "reasons": list(self.reasons()),
            "rules": self.answer.assessment.rules_version,
            "signs": signs,
        }

    def reasons(self) -> Iterator[str]:
        """Yield, in words, what decided."""
        decision, found = self.decision, self.decision.evidence
        if decision.answer is not None and self.answer.answered:
            if self.by_words_alone:
                yield f"The nearest approved question leads by {_lead(found):.2f}, which is enough."
            else:
                yield f"It is {found.sure:.2f} sure that this answers it, which is enough."
            return
        if decision.answer is not None:
            yield "The answer was found, but not all of its sentences are approved now."
            return
        yield from self._doubts(found)
        if self.answer.in_danger:
            yield "There is danger in the text: the care card's words are the whole reply."

    def _doubts(self, found: Evidence) -> Iterator[str]:
        if found.answer is None:
            yield "No approved question comes near."
            return
        if found.vetoes:
            names = ", ".join(found.vetoes)
            yield f"The question names what the answer doesn't speak of: {names}."
        if not self.by_words_alone:
            if found.sure < self.lines.sure_from:
                yield (
                    f"It is {found.sure:.2f} sure that this answers it; "
                    f"{self.lines.sure_from:.2f} is asked for."
                )
        elif found.answer_score < self.lines.words_alone_from:
            least = self.lines.words_alone_from
            yield f"The nearest approved question isn't near enough: below {least:.2f}."
        elif _lead(found) < self.lines.clear_margin:
            yield (
                f"It leads by {_lead(found):.2f} over the nearest question to refuse; "
                f"{self.lines.clear_margin:.2f} is asked for."
            )


def explain(text: str, *, language: str | None = None) -> Explanation:
    """Return the reply to a question with why. Raises DatabaseError where `ask` would refuse."""
    answer = ask(text, language=language)
    engine = index.current().engine
    asked = clean(text[: settings.MAX_TYPED_CHARACTERS])
    fallback = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    decision = engine.decide(asked, fallback)
    return Explanation(answer, decision, engine.lines, index.encoder() is None)


def in_words(one: Explanation) -> Iterator[str]:
    """Yield the lines for a terminal."""
    decision, found = one.decision, one.decision.evidence
    refusal = one.answer.refusal
    reply = f"answered with {decision.answer}" if one.answer.answered else "refused"
    yield f"Why: {reply}{f' as {refusal.kind}' if refusal else ''}, read in '{decision.language}'"
    for name, score, words, whose in (
        ("nearest question", found.answer_score, found.variant, found.answer),
        ("nearest to refuse", found.refusal_score, found.example, None),
    ):
        if words:
            yield f'  {name:<18} {score:.2f}  "{words}"{f" of {whose}" if whose else ""}'
    if found.answer and not one.by_words_alone:
        yield f"  {'sure':<18} {found.sure:.2f} (answered from {one.lines.sure_from:.2f})"
    if found.vetoes:
        yield f"  {'not spoken of':<18} {', '.join(found.vetoes)}"
    if found.cues:
        yield f"  {'words hint at':<18} {', '.join(found.cues)}"
    if one.by_words_alone:
        yield f"  {'encoder':<18} missing: compared by words alone"
    yield from (f"  {'decided':<18} {reason}" for reason in one.reasons())
    yield from _danger(one.answer.assessment)


def _danger(assessment: Assessment) -> Iterator[str]:
    yield f"  {'danger':<18} {assessment.level.value} (rules {assessment.rules_version})"
    for sign in assessment.signs:
        yield f'  {"":<18} {sign.level.value}: {sign.rule}: "{sign.matched}"'


def _lead(found: Evidence) -> float:
    return found.answer_score - found.refusal_score
