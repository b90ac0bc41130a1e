"""The reviewer's questions on clear communication, kept with the signature.

They follow the themes of the CDC Clear Communication Index (main message,
behaviour, language, layout, state of the science, numbers, risk), in our words.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reply(TextChoices):
    """What can be said to a question."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_HERE = "na", _("Doesn't apply")


@dataclass(frozen=True)
class Question:
    """One question; without a yes to one that is `needed` nobody can sign."""

    key: str
    words: Promise
    needed: bool = False


QUESTIONS = (
    Question(
        "sources", _("I compared each new or changed sentence with its sources."), needed=True
    ),
    Question("message", _("One main message stands near the top and is easy to find.")),
    Question("next_step", _("The page says what the reader can do next, and how.")),
    Question("reason", _("Where it asks the reader to do something, it says why.")),
    Question("words", _("The words are the readers' own; medical terms are explained.")),
    Question("active", _("Sentences are short and say who does what.")),
    Question("parts", _("Headings say what is below them; long lists are broken up.")),
    Question("known", _("It says what is known, and where sources differ or nobody knows.")),
    Question("numbers", _("Numbers are few and explained in words.")),
    Question("risk", _("Both benefits and harms are named, without frightening or promising.")),
)


def missing(answers: Mapping[str, str]) -> list[Question]:
    """Return the questions that nobody has answered, or not as a signature needs it."""
    return [question for question in QUESTIONS if not _is_enough(question, answers)]


def _is_enough(question: Question, answers: Mapping[str, str]) -> bool:
    answer = answers.get(question.key)
    return answer == Reply.YES if question.needed else answer in Reply.values


def score(answers: Mapping[str, str]) -> tuple[int, int]:
    """Return how many of the questions that apply were answered yes, and how many apply."""
    applying = [answer for answer in answers.values() if answer != Reply.NOT_HERE]
    return applying.count(Reply.YES.value), len(applying)
