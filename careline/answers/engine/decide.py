"""The decision: which approved answer fits a question, or why none may be given.

A question is compared with every approved variant and, in the same way, with
every example of a question that must be refused. An answer is given only when
its best variant is near enough, clearly nearer than any refusal example, and
when the answer's own words cover everything that the question names. Unsure
means refuse: a wrong answer costs more than a call.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from careline.answers.engine.compound import goes_on, questions
from careline.answers.engine.encoder import Encoder
from careline.answers.engine.language import detect
from careline.answers.engine.matching import Match, Matcher, Sample, Weights
from careline.answers.engine.model import (
    Decision,
    Evidence,
    Knowledge,
    RefusalExample,
    RefusalKind,
    Variant,
)
from careline.answers.engine.reading import Reader, Reading, cues
from careline.answers.engine.text import pieces, words
from careline.answers.engine.vectors import VectorCache

# Of an endless text, this much is read.
MOST_READ = 4000
_FADING = 0.15
_NOT_COVERED = RefusalKind.NOT_COVERED
Hints = dict[RefusalKind, float]
Said = dict[str, list[Reading]]


@dataclass(frozen=True)
class Lines:
    """Where the lines are drawn: set on the held-out questions and on left-out variants."""

    answer_from: float = 0.54
    margin: float = 0.07
    # The lead that is asked for when the words hint at a refusal.
    hinted_margin: float = 0.19
    # Less near is near enough when no refusal example is anywhere near.
    clear_from: float = 0.36
    clear_margin: float = 0.1
    # Among hundreds of refusal examples one is always as near as this, and it means nothing.
    quiet: float = 0.3
    # Without an encoder only shared words count, and a question shares few.
    words_alone_from: float = 0.5
    # How far behind the best an answer may be that covers what the best doesn't.
    next_best: float = 0.09
    refusal_from: float = 0.5
    # Who reports a sign tells much besides: so much of it is held against the sign's answer.
    told_with_a_sign: float = 0.2


@dataclass(frozen=True)
class Covered:
    """What the words of one answer, in all languages, speak of."""

    drugs: frozenset[str]
    asked_drugs: frozenset[str]
    named: frozenset[str]
    events: frozenset[str]
    vocabulary: frozenset[str]


class Engine:
    """Decides questions over one state of the knowledge. Built once, then only read."""

    def __init__(
        self,
        knowledge: Knowledge,
        encoder: Encoder | None,
        cache: VectorCache | None = None,
        weights: Weights | None = None,
        lines: Lines | None = None,
    ) -> None:
        self.reader = Reader(knowledge)
        self.lines = lines or Lines()
        self._encoder = encoder
        said = self._said(knowledge)
        variants = [self._variant(one, said) for one in knowledge.variants]
        examples = [self._example(one) for one in knowledge.refusals]
        chosen = weights or Weights()
        self.answers = Matcher(variants, encoder, cache and cache.named("variants"), chosen)
        self.refusals = Matcher(examples, encoder, cache and cache.named("refusals"), chosen)
        self._covered = self._coverage(variants, said)
        self._packs = {one.answer: one.pack for one in knowledge.variants}

    def _variant(self, variant: Variant, said: Said) -> Sample:
        """Return the sample; an answer whose own words name no drug is a general one."""
        reading = self.reader.read(variant.text, variant.language)
        own = any(one.drugs for one in said.get(variant.answer, ()))
        return Sample(reading, variant.answer, general=not own and self._of_class(reading))

    def _example(self, example: RefusalExample) -> Sample:
        reading = self.reader.read(example.text, example.language)
        return Sample(reading, kind=example.kind, general=self._of_class(reading))

    def _of_class(self, reading: Reading) -> bool:
        return all(self.reader.entities[drug].class_wide for drug in reading.drugs)

    def _said(self, knowledge: Knowledge) -> Said:
        """Return how the sentences of each answer read."""
        said: Said = {}
        for passage in knowledge.passages:
            if passage.answers:
                reading = self.reader.read(passage.text, passage.language)
                for key in passage.answers:
                    said.setdefault(key, []).append(reading)
        return said

    def _coverage(self, variants: Iterable[Sample], said: Said) -> dict[str, Covered]:
        asked: dict[str, list[Sample]] = {key: [] for key in said}
        for sample in variants:
            asked.setdefault(sample.label, []).append(sample)
        return {key: _covered(asked[key], said.get(key, [])) for key in asked}

    def decide(self, text: str, fallback_language: str, before: str = "") -> Decision:
        """Return what to do with a question. Never raises, whatever the text holds.

        `before` is the question asked before it in the same conversation, if it may go on from one.
        """
        language = detect(text, fallback_language)
        if before:
            gone_on = self._gone_on(text[:MOST_READ], before[:MOST_READ], language)
            if gone_on is not None:
                return gone_on
        return self._both(text, self._one(text, language))

    def _gone_on(self, text: str, before: str, language: str) -> Decision | None:
        """Return the answer to the text as a follow-up; None where it stands by itself."""
        swapped = self.reader.swapped(before, text, language)
        if swapped:
            decision = self._one(swapped, language)
        elif goes_on(words(text)) or self.reader.stands_in(text, language):
            decision = self._one(text, language, self.reader.read(before, language))
        else:
            return None
        return decision if decision.answer else None

    def _one(self, text: str, language: str, context: Reading | None = None) -> Decision:
        whole = self.reader.read(text[:MOST_READ], language, context)
        about = whole if context is None or whole.drugs or whole.targets else context
        parts = [self.reader.read(piece, language, context=about) for piece in pieces(text)]
        parts = [part for part in parts if part.keys]
        if not parts:
            return Decision(language, None, RefusalKind.NOT_COVERED, Evidence())
        hints = cues(text[:MOST_READ])
        tried = [self._try(part, whole, hints) for part in parts]
        answer, refusal = max(tried, key=lambda pair: max(pair[0].score, pair[1].score))
        return self._judge(whole, answer, refusal, hints)

    def _both(self, text: str, decision: Decision) -> Decision:
        """Return the decision, or two answers where two questions each have one of their own.

        What the message names besides has to be spoken of, as ever, and nothing may hint at a
        refusal: else the message is judged as one.
        """
        asked = questions(text[:MOST_READ])
        whole = self.reader.read(text[:MOST_READ], decision.language)
        if len(asked) < 2 or cues(text[:MOST_READ]):
            return decision
        first = self._one(asked[0], decision.language)
        context = self.reader.read(asked[0], decision.language)
        second = self._one(asked[1], decision.language, context)
        if first.answer is None or second.answer is None or first.answer == second.answer:
            return decision
        named = self._covered[first.answer].named | self._covered[second.answer].named
        if whole.outside - named:
            return decision
        return replace(first, also=(second.answer,))

    def _try(self, part: Reading, whole: Reading, hints: Hints) -> tuple[Match, Match]:
        """Return the best answer and the best refusal for one piece of the question."""
        vector = self._encoder.encode([part.masked])[0] if self._encoder else None
        refusals = self.refusals.ranked(part, whole, vector)
        ranked = [self._accounted(one, part) for one in self.answers.ranked(part, whole, vector)]
        return self._best_answer(ranked, whole), _best_refusal(refusals, hints)

    def _best_answer(self, ranked: list[Match], whole: Reading) -> Match:
        """Return the best answer that covers what is named, if near the best; else the best."""
        ranked.sort(key=lambda match: -match.score)
        if not ranked:
            return Match()
        least = ranked[0].score - self.lines.next_best
        near = (one for one in ranked[:8] if one.score >= least)
        return next((one for one in near if not self._vetoes(whole, one)), ranked[0])

    def _accounted(self, match: Match, part: Reading) -> Match:
        """Return the match with its score lowered for what the answer never speaks of."""
        if match.sample is None:
            return match
        missing = self.answers.unaccounted(part, self._covered[match.sample.label].vocabulary)
        if part.events & match.sample.reading.events:
            missing *= self.lines.told_with_a_sign
        return Match(match.score - self.answers.weights.unaccounted * missing, match.sample)

    def _judge(self, whole: Reading, answer: Match, refusal: Match, hints: Hints) -> Decision:
        vetoes = self._vetoes(whole, answer)
        evidence = Evidence(
            answer=answer.sample.answer if answer.sample else None,
            answer_score=answer.score,
            variant=answer.sample.reading.text if answer.sample else "",
            refusal_score=refusal.score,
            example=refusal.sample.reading.text if refusal.sample else "",
            vetoes=tuple(sorted(vetoes)),
            cues=tuple(sorted(hints)),
        )
        signed = _same_words(whole, answer) and answer.score > refusal.score
        if signed or (self._sure(answer, refusal, hints) and not vetoes):
            return Decision(whole.language, evidence.answer, None, evidence)
        kind = self._why(refusal, vetoes, hints)
        return Decision(whole.language, None, kind, evidence)

    def _sure(self, answer: Match, refusal: Match, hints: Hints) -> bool:
        lines, lead = self.lines, answer.score - refusal.score
        if self._encoder is None:
            return answer.score >= lines.words_alone_from and lead >= lines.clear_margin
        if answer.score >= lines.answer_from:
            return lead >= (lines.hinted_margin if hints else lines.margin)
        return not hints and answer.score >= lines.clear_from and lead >= self._clear(refusal)

    def _clear(self, refusal: Match) -> float:
        """Return the lead that a weaker answer needs: the less, the farther any refusal is."""
        loud = (refusal.score - self.lines.quiet) / _FADING
        return self.lines.clear_margin * min(1.0, max(0.0, loud))

    def _vetoes(self, whole: Reading, answer: Match) -> set[str]:
        """Return what the question names and the answer's words don't speak of."""
        if answer.sample is None:
            return set(whole.outside)
        covered = self._covered[answer.sample.label]
        vetoes = set((whole.outside | whole.targets | whole.forms) - covered.named)
        vetoes |= whole.asks - covered.vocabulary
        vetoes |= self._strange(whole, answer.sample.label)
        if whole.events and not whole.events & covered.events:
            vetoes |= whole.events
        return vetoes

    def _strange(self, whole: Reading, answer: str) -> set[str]:
        """Return the drugs that the answer doesn't serve.

        Who has a sign on a plan of several drugs is served by what is said of its class.
        """
        strange = {drug for drug in whole.drugs if not self._speaks_of(drug, answer)}
        partners = whole.drugs - strange
        if whole.events and partners and not self._covered[answer].drugs:
            return set()
        return strange

    def _speaks_of(self, drug: str, answer: str) -> bool:
        """A general answer serves a drug of its own pack's class; one on certain drugs only those.

        An editor's own answer belongs to no pack and serves each.
        """
        covered, entity = self._covered[answer], self.reader.entities[drug]
        if drug in covered.drugs or drug in covered.asked_drugs:
            return True
        at_home = self._packs.get(answer, "") in ("", entity.pack)
        return not covered.asked_drugs and entity.class_wide and at_home

    def _why(self, refusal: Match, vetoes: set[str], hints: Hints) -> RefusalKind:
        """Return the refusal that fits: the near example's, else what was named, else a hint's."""
        named = {self.reader.refusal_for(key) for key in vetoes} - {RefusalKind.NOT_COVERED}
        other = RefusalKind.OTHER_CONDITION in named
        example = refusal.sample.kind if refusal.sample else None
        near = refusal.score >= self.lines.refusal_from and example is not None
        # Nobody who asks for a price or a prognosis is giving instructions.
        stray = example is RefusalKind.INSTRUCTIONS and bool(named) and example not in hints
        if near and example and not stray and not (other and not hints):
            return example
        if other:
            return RefusalKind.OTHER_CONDITION
        return max(hints, key=lambda kind: hints[kind], default=min(named, default=_NOT_COVERED))


def _same_words(whole: Reading, answer: Match) -> bool:
    """Return whether a reviewer signed this very question for the answer."""
    if answer.sample is None:
        return False
    return words(whole.text) == words(answer.sample.reading.text)


def _best_refusal(ranked: Iterable[Match], hints: Hints) -> Match:
    """Return the nearest kind of refusal, kinds that the words hint at raised."""
    raised = [
        Match(one.score + hints.get(one.sample.kind, 0.0), one.sample)
        for one in ranked
        if one.sample is not None and one.sample.kind is not None
    ]
    return max(raised, key=lambda match: match.score, default=Match())


def _covered(asked: Sequence[Sample], said: Sequence[Reading]) -> Covered:
    everything = [*(one.reading for one in asked), *said]
    return Covered(
        drugs=_union(one.drugs for one in said),
        asked_drugs=_union(one.reading.drugs for one in asked if not one.general),
        named=_union(one.outside | one.targets | one.forms for one in everything),
        events=_union(one.events for one in everything),
        vocabulary=frozenset(key for one in everything for key in one.keys),
    )


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
