"""Asking the cases of a pack, and what came of each.

The questions go the way of everybody's: `careline.answers.ask`, with the rules and the
content that are in force. Nothing is stored or logged of them but what any question logs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process

from careline.answers.asking import ask
from careline.answers.engine.text import fold
from careline.answers.replies import Answer
from careline.content.models import (
    ApprovedAnswer,
    QuestionVariant,
    RefusalExample,
    Sentence,
)
from careline.content.packs.schema import CaseEntry
from careline.safety import Assessment, Level, assess

# Sentences by their names, page-key#label.
Names = frozenset[str]
# Of 100, from which likeness of letters on a case is a variant in all but name.
_SAME = 88


class Verdict(StrEnum):
    """What came of a question."""

    RIGHT = "right"
    WRONG = "wrong"
    # Refused, though there is an answer.
    MISSED = "missed"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """What came of one case.

    `verdict` is None where no answer or refusal was expected, `found` the level of the
    text where one was expected. `given` says in keys and names what the reply was.
    """

    case: CaseEntry
    verdict: Verdict | None
    given: str
    found: Level | None
    rules: tuple[str, ...] = ()
    kind_fits: bool = True

    @property
    def expected_level(self) -> Level | None:
        """The level that the case names."""
        return Level(self.case.danger.value) if self.case.danger is not None else None

    @property
    def is_level_missed(self) -> bool:
        """Whether the text was taken for something else than it is, lower or higher."""
        return self.found is not self.expected_level

    @property
    def is_miss(self) -> bool:
        """Whether somebody should look at it; a refusal in other words than expected counts."""
        wrong = self.verdict in (Verdict.WRONG, Verdict.MISSED) or not self.kind_fits
        return wrong or self.is_level_missed


def evaluated(cases: Iterable[CaseEntry]) -> list[Outcome]:
    """Ask every case; return what came of each, in their order."""
    known = _answers()
    return [_outcome(case, known) for case in cases]


def learnt(cases: Iterable[CaseEntry]) -> list[CaseEntry]:
    """Return the cases that are nearly what the engine learns from: they examine nothing."""
    asked = QuestionVariant.objects.in_use().values_list("text", flat=True)
    refused = RefusalExample.objects.in_use().values_list("text", flat=True)
    known = [fold(text) for text in (*asked, *refused)]
    return [
        case
        for case in cases
        if process.extractOne(fold(case.question), known, scorer=fuzz.ratio, score_cutoff=_SAME)
    ]


def _outcome(case: CaseEntry, known: dict[str, Names]) -> Outcome:
    if not (case.answer or case.refusal):
        return _judged_level(case, assess(case.question, case.language))
    answer = ask(case.question, language=case.language)
    said = _names(answer)
    level = _judged_level(case, answer.assessment)
    kinds = {kind.value for kind in case.refusal}
    return Outcome(
        case=case,
        verdict=_verdict(case, answer, said, known),
        given=_given(answer, said, known),
        found=level.found,
        rules=level.rules,
        # In danger the card's words are the refusal, whatever was asked.
        kind_fits=answer.refusal is None or answer.in_danger or answer.refusal.kind in kinds
        if kinds
        else True,
    )


def _judged_level(case: CaseEntry, assessment: Assessment) -> Outcome:
    found = assessment.level if case.danger is not None else None
    rules = tuple(dict.fromkeys(sign.rule for sign in assessment.signs))
    return Outcome(case, None, "", found, rules)


def _verdict(
    case: CaseEntry, answer: Answer, said: Sequence[str], known: dict[str, Names]
) -> Verdict:
    if not answer.answered:
        return Verdict.REFUSED if case.refusal else Verdict.MISSED
    right = any(_is_given(_expected(name, known), said) for name in case.answer)
    return Verdict.RIGHT if right else Verdict.WRONG


def _is_given(expected: Names, said: Sequence[str]) -> bool:
    """Whether all of the answer was said, perhaps among other words, or nothing but of it."""
    return bool(expected) and (expected <= set(said) or expected >= set(said))


def _expected(name: str, known: dict[str, Names]) -> Names:
    return frozenset([name]) if "#" in name else known.get(name, frozenset())


def _given(answer: Answer, said: Sequence[str], known: dict[str, Names]) -> str:
    """The largest answers that were given as a whole, else the sentences, else the refusal."""
    if answer.refusal is not None:
        return f"refused as {answer.refusal.kind}"
    whole = [key for key, names in known.items() if names and names <= set(said)]
    most = [key for key in whole if not any(known[key] < known[other] for other in whole)]
    return ", ".join(sorted(most) or said)


def _names(answer: Answer) -> list[str]:
    rows = Sentence.objects.in_bulk([sentence.id for sentence in answer.sentences])
    return [
        f"{row.page_key}#{row.label or row.pk}"
        for row in (rows.get(sentence.id) for sentence in answer.sentences)
        if row is not None
    ]


def _answers() -> dict[str, Names]:
    rows = ApprovedAnswer.objects.approved().prefetch_related("parts")
    return {row.key: frozenset(str(part) for part in row.parts.all()) for row in rows}
