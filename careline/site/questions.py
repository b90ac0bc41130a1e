"""The approved answers as a list of common questions, by topic."""

from collections import Counter
from dataclasses import dataclass, field

from careline.content.models import ApprovedAnswer, Sentence
from careline.content.version import remembered

_SHORT = 70
_USUAL_OPENINGS = 6


@dataclass(frozen=True)
class Answered:
    """A question in people's words with its approved sentences."""

    key: str
    question: str
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """The whole answer as one text."""
        return " ".join(sentence.shown_text for sentence in self.sentences)


@dataclass
class Chapter:
    """One topic with its questions."""

    title: str
    questions: list[Answered] = field(default_factory=list)


@remembered(most=4)
def chapters(language: str) -> list[Chapter]:
    """Return every approved answer in a language, in the order of the topics."""
    sentences = Sentence.objects.approved().in_language(language).with_citations().by_name()
    answers = list(
        ApprovedAnswer.objects.approved()
        .select_related("topic")
        .prefetch_related("parts", "variants")
        .order_by("topic__pack", "topic__order", "order")
    )
    asked = {answer.pk: _asked(answer, language) for answer in answers}
    usual = usual_openings([text for texts in asked.values() for text in texts])
    found: dict[str, Chapter] = {}
    for answer in answers:
        whole = answer.whole(sentences)
        question = _readable(asked[answer.pk], usual)
        if question and whole:
            chapter = found.setdefault(answer.topic_id, Chapter(answer.topic.title_in(language)))
            chapter.questions.append(Answered(answer.pk, question, tuple(whole)))
    return list(found.values())


def as_question(text: str) -> str:
    """Return what people typed as a heading writes it, without the mark at its end."""
    return text[:1].upper() + text[1:].rstrip("?").lstrip("¿")


def usual_openings(texts: list[str]) -> set[str]:
    """Return the words with which most begin.

    People write in keywords too; what begins as most questions begin reads as a question.
    """
    counts = Counter(opening(text) for text in texts)
    return {word for word, _count in counts.most_common(_USUAL_OPENINGS)}


def opening(text: str) -> str:
    """Return a text's first word, case dropped."""
    return text.split(" ", 1)[0].casefold()


def _asked(answer: ApprovedAnswer, language: str) -> list[str]:
    return [variant.text for variant in answer.variants.all() if variant.language == language]


def _readable(texts: list[str], usual: set[str]) -> str:
    """Return the first variant that reads as a question; empty where none does."""
    fit = (text for text in texts if len(text) <= _SHORT and opening(text) in usual)
    return as_question(next(fit, ""))
