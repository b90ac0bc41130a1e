"""The decision: which approved answer fits a question, or why none may be given.

A question is compared with every approved variant and, in the same way, with
every example of a question that must be refused. An answer is given only when
its best variant is near enough, clearly nearer than any refusal example, and
when the answer's own words cover everything that the question names. Unsure
means refuse: a wrong answer costs more than a call.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest

import numpy as np

from careline.answers.engine.classifier import Classifier
from careline.answers.engine.compound import goes_on, questions
from careline.answers.engine.encoder import Encoder, Vectors
from careline.answers.engine.evidence import (
    VOTERS,
    Asked,
    Votes,
    Weighed,
    figures,
    sureness,
    votes,
)
from careline.answers.engine.focus import asking, is_about_suiting, is_past
from careline.answers.engine.language import detect
from careline.answers.engine.matching import Match, Matcher, Sample, Vector, Weights
from careline.answers.engine.model import (
    Decision,
    Evidence,
    Knowledge,
    RefusalExample,
    RefusalKind,
    Variant,
)
from careline.answers.engine.reading import Reader, Reading, cues
from careline.answers.engine.text import MAX_PIECE, fold, pieces, sentences, words
from careline.answers.engine.vectors import VectorCache

# How the names of other cancers are known, in conditions.toml and diseases.txt.
_CANCERS = (
    "cancer",
    "carcinom",
    "sarcom",
    "lymphom",
    "leukem",
    "melanom",
    "myelom",
    "blastom",
    "tumor",
)
# Of an endless text, this much is read.
MOST_READ = 4000
# Of a long message, so many parts are compared.
MOST_PARTS = 8
# A question of so few telling words leans on the sentence before it.
_LITTLE = 2
# The nearest answers that are looked at closely.
MOST_CANDIDATES = 6
_PROGNOSIS = "concept:ask_prognosis"
_UNDER_SKIN = "concept:under_skin"
_WAYS = frozenset({_UNDER_SKIN, "concept:vein", "concept:by_mouth"})
_NOT_COVERED = RefusalKind.NOT_COVERED
Hints = Mapping[RefusalKind, float]
Said = dict[str, list[Reading]]


@dataclass(frozen=True)
class Lines:
    """Where the lines are drawn: set on the held-out questions and on left-out variants."""

    sure_from: float = 0.55
    # However sure: what comes near nothing isn't answered.
    least: float = 0.25
    # From here on no telling word needs to be shared.
    alone_from: float = 0.6
    clear_margin: float = 0.1
    # Without an encoder only shared words count, and a question shares few.
    words_alone_from: float = 0.5
    refusal_from: float = 0.5
    # Who reports a sign tells much besides: so much of it is held against the sign's answer.
    told_with_a_sign: float = 0.2


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer to a part of the question, with what speaks for and against it."""

    asked: Asked
    answer: Match
    refusal: Match
    told: dict[str, float]
    sure: float
    vetoes: frozenset[str]


@dataclass(frozen=True)
class Covered:
    """What the words of one answer, in all languages, speak of."""

    drugs: frozenset[str]
    asked_drugs: frozenset[str]
    named: frozenset[str]
    events: frozenset[str]
    vocabulary: frozenset[str]
    said: frozenset[str]


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
        self.classifier = self._classifier(encoder, cache)
        self._said_vectors = self._sentences(knowledge, encoder, cache and cache.named("said"))
        self._kin = _kin(knowledge)
        self._packs = {one.answer: one.pack for one in knowledge.variants}

    def _classifier(self, encoder: Encoder | None, cache: VectorCache | None) -> Classifier | None:
        """Return what tells the likely answer; None where words alone are compared."""
        samples = [*self.answers.samples, *self.refusals.samples]
        if encoder is None or not samples:
            return None
        vectors = np.concatenate(
            [one.vectors for one in (self.answers, self.refusals) if one.vectors is not None]
        )
        readings = [sample.reading for sample in samples]
        labels = [sample.label for sample in samples]
        folder = cache.folder / "classifier" if cache is not None else None
        return Classifier(readings, labels, vectors, folder)

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
        found = self.candidates(text, whole, context)
        if not found:
            return Decision(language, None, RefusalKind.NOT_COVERED, Evidence())
        return self._judge(whole, found)

    def candidates(self, text: str, whole: Reading, context: Reading | None) -> list[Candidate]:
        """Return the answers that come near any part of the message, the surest first."""
        found: list[Candidate] = []
        for asked, named in self._parts(text, whole, context):
            found += self._candidates(asked, named)
        words_alone = self._encoder is None
        return sorted(
            found,
            key=lambda one: (bool(one.vetoes), -(one.answer.score if words_alone else one.sure)),
        )

    def _parts(
        self, text: str, whole: Reading, context: Reading | None
    ) -> Iterable[tuple[Asked, Reading]]:
        """Yield the parts of a message that are compared, each with what it is held to name."""
        about = whole if context is None or whole.drugs or whole.targets else context
        questions = asking(text[:MOST_READ])
        told = pieces(text)
        if len(told) > 1 and questions:
            told = [one for one in told if one == told[0] or "?" in one]
        known = {fold(one) for one in told}
        focused = [one for one in questions if fold(one) not in known]
        story = cues(text[:MOST_READ])
        for piece in [*told[: MOST_PARTS - len(focused)], *focused]:
            part = self.reader.read(piece, whole.language, context=about)
            if len(told) > 1 and piece != told[0] and self._says_little(part):
                piece = _with_the_one_before(text, piece)
                part = self.reader.read(piece, whole.language, context=about)
            if part.keys:
                alone = len(told) + len(focused) == 1
                asked = Asked(part, cues(piece), story, piece in focused, alone)
                yield asked, (self._named(piece, part, whole, text) if questions else whole)

    def _says_little(self, part: Reading) -> bool:
        """Return whether a question leans on what was told before it ("should I call?")."""
        names = part.drugs | part.targets | part.forms | part.events | part.outside
        return not names and len(set(part.keys) - part.small) <= _LITTLE

    def _named(self, piece: str, part: Reading, whole: Reading, text: str) -> Reading:
        """Return what a part that asks is held to name: what it leans on, and no mere aside."""
        bare = self.reader.read(piece, whole.language)
        names = bare.drugs | bare.targets | bare.forms
        if not names and not bare.events and not bare.outside:
            return whole
        outside = bare.outside | self._treated(whole, text)
        if is_about_suiting(piece):
            outside |= whole.outside
        return replace(
            part,
            outside=outside,
            drugs=part.drugs or whole.drugs,
            forms=bare.forms or (whole.forms if not names else frozenset()),
            events=bare.events or (frozenset() if names else whole.events),
        )

    def _treated(self, whole: Reading, text: str) -> frozenset[str]:
        """Return the other cancers of a message that may be what is being treated."""
        others = frozenset(key for key in whole.outside if _is_cancer(key))
        if not others or "condition:liver-cancer" in whole.keys:
            return frozenset()
        for sentence in sentences(text):
            if is_past(sentence):
                others -= self.reader.read(sentence, whole.language).outside
        return others

    def _both(self, text: str, decision: Decision) -> Decision:
        """Return the decision, or what comes of two questions where a message asks two.

        Two answers where each has one of its own; what the message names besides has to be
        spoken of, as ever. Where only one has an answer, it is given, and it is said of the other
        that it has none.
        """
        asked = questions(text[:MOST_READ])
        if len(asked) < 2 or RefusalKind.INSTRUCTIONS in cues(text[:MOST_READ]):
            return decision
        first = self._one(asked[0], decision.language)
        context = self.reader.read(asked[0], decision.language)
        leans = self.reader.stands_in(asked[1], decision.language)
        second = self._one(asked[1], decision.language, context if leans else None)
        if first.answer is None and second.answer is None:
            return decision
        if first.answer is None or second.answer is None:
            return self._half(text, decision, (first, second), asked)
        if first.answer == second.answer:
            return first
        named = self._covered[first.answer].named | self._covered[second.answer].named
        if self.reader.read(text[:MOST_READ], decision.language).outside - named:
            return decision
        return replace(first, also=(second.answer,))

    def _half(
        self, text: str, decision: Decision, both: tuple[Decision, Decision], asked: Sequence[str]
    ) -> Decision:
        """Return the answer to one of two questions, with why the other has none."""
        first, second = both
        answered, refused = (first, second) if first.answer else (second, first)
        other = asked[1] if first.answer else asked[0]
        whole = self.reader.read(text[:MOST_READ], decision.language)
        part = self.reader.read(other, decision.language)
        nothing = self._says_little(part) and not part.asks and not cues(other)
        if nothing or self._treated(whole, text):
            return decision
        return replace(answered, unanswered=refused.refusal)

    def _candidates(self, asked: Asked, named: Reading) -> list[Candidate]:
        """Return the nearest answers to one part, each with what speaks for and against it."""
        part = asked.part
        vector = self._encoder.encode([part.masked])[0] if self._encoder else None
        near = self.answers.compared(part, named, vector)
        far = self.refusals.compared(part, named, vector)
        refusal = _best_refusal(self.refusals.ranked(far), asked.hints)
        ranked = [self._accounted(one, part) for one in self.answers.ranked(near)]
        likely = self._likely(part, vector)
        shares = votes([*self.answers.nearest(near, VOTERS), *self.refusals.nearest(far, VOTERS)])
        found = []
        for match in _closest(ranked, likely):
            known = self._weighed(match, ranked, part, vector, shares, likely)
            vetoes = frozenset(self._vetoes(named, match) | _foretold(asked, match))
            doubts = {key: kind for key in vetoes if (kind := self.reader.doubt(key))}
            told = figures(asked, match, refusal, known, Counter(doubts.values()))
            found.append(
                Candidate(asked, match, refusal, told, sureness(told), vetoes - set(doubts))
            )
        return found

    def _likely(self, part: Reading, vector: Vector | None) -> Votes:
        if self.classifier is None or vector is None:
            return {}
        return self.classifier.likely(part, vector)

    def _weighed(
        self,
        match: Match,
        ranked: Sequence[Match],
        part: Reading,
        vector: Vector | None,
        shares: Votes,
        likely: Votes,
    ) -> Weighed:
        label = match.sample.label if match.sample else ""
        kin = self._kin.get(label, frozenset())
        others = (one.score for one in ranked if one.sample and one.sample.label not in kin)
        rivals = (likely[one] for one in self._likeliest(likely) if one not in kin)
        said = self._said_vectors.get(label)
        return Weighed(
            gap=match.score - max(others, default=0.0),
            missing=self._missing(match, part),
            said=float((said @ vector).max()) if said is not None and vector is not None else 0.0,
            vote=shares.get(label, 0.0),
            refusal_vote=sum(shares.get(kind.value, 0.0) for kind in RefusalKind),
            likely=likely.get(label, 0.0),
            rival=max(rivals, default=0.0),
            refused=sum(likely.get(kind.value, 0.0) for kind in RefusalKind),
        )

    def _likeliest(self, likely: Votes) -> list[str]:
        answers = (one for one in likely if one in self._kin)
        return nlargest(MOST_CANDIDATES, answers, key=lambda one: likely[one])

    def _missing(self, match: Match, part: Reading) -> float:
        if match.sample is None:
            return 0.0
        vocabulary = self._covered[match.sample.label].vocabulary
        return self.answers.unaccounted(part, vocabulary)

    def _sentences(
        self, knowledge: Knowledge, encoder: Encoder | None, cache: VectorCache | None
    ) -> dict[str, Vectors]:
        """Return the vectors of each answer's own sentences."""
        told = [one for one in knowledge.passages if one.answers]
        if encoder is None or not told:
            return {}
        texts = [self.reader.read(one.text, one.language).masked for one in told]
        vectors = cache.encode(encoder, texts) if cache else encoder.encode(texts)
        rows: dict[str, list[int]] = {}
        for row, one in enumerate(told):
            for key in one.answers:
                rows.setdefault(key, []).append(row)
        return {key: vectors[places] for key, places in rows.items()}

    def _accounted(self, match: Match, part: Reading) -> Match:
        """Return the match with its score lowered for what the answer never speaks of."""
        if match.sample is None:
            return match
        missing = self._missing(match, part)
        if part.events & match.sample.reading.events:
            missing *= self.lines.told_with_a_sign
        return replace(match, score=match.score - self.answers.weights.unaccounted * missing)

    def _judge(self, whole: Reading, found: Sequence[Candidate]) -> Decision:
        best = found[0]
        answer = best.answer
        told = max(found, key=lambda one: max(one.answer.score, one.refusal.score))
        refusal, hints = told.refusal, {**best.asked.story, **best.asked.hints}
        evidence = Evidence(
            answer=answer.sample.answer if answer.sample else None,
            answer_score=answer.score,
            variant=answer.sample.reading.text if answer.sample else "",
            refusal_score=refusal.score,
            example=refusal.sample.reading.text if refusal.sample else "",
            vetoes=tuple(sorted(best.vetoes)),
            cues=tuple(sorted(hints)),
            sure=best.sure,
        )
        signed = _same_words(whole, answer) and answer.score > best.refusal.score
        if signed or (self._sure(best) and not best.vetoes):
            return Decision(whole.language, evidence.answer, None, evidence)
        kind = self._why(refusal, set(best.vetoes), hints)
        return Decision(whole.language, None, kind, evidence)

    def _sure(self, best: Candidate) -> bool:
        if self._encoder is None:
            lead = best.answer.score - best.refusal.score
            enough = best.answer.score >= self.lines.words_alone_from
            return enough and lead >= self.lines.clear_margin
        if best.sure < self.lines.sure_from or best.answer.score < self.lines.least:
            return False
        return best.answer.score >= self.lines.alone_from or self._shares_a_word(best)

    def _shares_a_word(self, best: Candidate) -> bool:
        """Return whether a telling word of the question is one of the answer's or its variants'."""
        told = set(best.asked.part.keys) - best.asked.part.small
        return bool(told & self._covered[_label(best.answer)].vocabulary)

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
        # Who asks for a drug under the skin isn't answered by what is said of its drip.
        ways = _WAYS & set(whole.keys)
        if whole.drugs and ways == {_UNDER_SKIN} and _UNDER_SKIN not in covered.said:
            vetoes.add(_UNDER_SKIN)
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
        replace(one, score=one.score + hints.get(one.sample.kind, 0.0))
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
        said=frozenset(key for one in said for key in one.keys),
    )


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _with_the_one_before(text: str, piece: str) -> str:
    """Return a sentence of the text together with the one it follows."""
    told = sentences(text[:MOST_READ])
    at = next((n for n, one in enumerate(told) if fold(piece) in fold(one)), 0)
    return " ".join(told[max(0, at - 1) : at + 1])[:MAX_PIECE] or piece


def _kin(knowledge: Knowledge) -> dict[str, frozenset[str]]:
    """Return, of each answer, those that share a sentence with it: they don't speak against it."""
    kin: dict[str, set[str]] = {one.answer: {one.answer} for one in knowledge.variants}
    for passage in knowledge.passages:
        for key in passage.answers:
            kin.setdefault(key, set()).update(passage.answers)
    return {key: frozenset(each) for key, each in kin.items()}


def _closest(ranked: Sequence[Match], likely: Votes) -> list[Match]:
    """Return the nearest answers and the likeliest, at most MOST_CANDIDATES of each."""
    known = [one for one in ranked if one.sample is not None]
    nearest = sorted(known, key=lambda one: -one.score)[:MOST_CANDIDATES]
    likeliest = sorted(known, key=lambda one: -likely.get(_label(one), 0.0))[: MOST_CANDIDATES // 2]
    return list({_label(one): one for one in (*nearest, *likeliest)}.values())


def _label(match: Match) -> str:
    return match.sample.label if match.sample else ""


def _foretold(asked: Asked, match: Match) -> set[str]:
    """Return the veto of what lies ahead, unless the nearest variant asks for it as well."""
    if RefusalKind.PROGNOSIS not in asked.hints or match.sample is None:
        return set()
    told = RefusalKind.PROGNOSIS in cues(match.sample.reading.text)
    return set() if told else {_PROGNOSIS}


def _is_cancer(key: str) -> bool:
    return any(word in key for word in _CANCERS)
