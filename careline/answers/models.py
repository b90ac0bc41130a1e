"""What is kept of questions, for the editors: never the questions."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from careline.content.enums import RefusalKind


class Outcome(models.TextChoices):
    """Why a question is in the editors' list, or in the count beside it."""

    REFUSED = "refused", _("Not answered")
    UNHELPFUL = "unhelpful", _("The answer didn't help")
    HELPFUL = "helpful", _("The answer helped")


class AskedQuestionQuerySet(models.QuerySet["AskedQuestion"]):
    """What was asked, asked as questions."""

    def waiting(self) -> "AskedQuestionQuerySet":
        """Return those that editors should see."""
        return self.exclude(outcome=Outcome.HELPFUL).exclude(words="")

    def due_for_deletion(self, today: dt.date) -> "AskedQuestionQuerySet":
        """Return those whose retention clock has run out."""
        return self.filter(delete_on__lte=today)


class AskedQuestion(models.Model):
    """The words of the content that questions of one day had in common, and how many they were.

    Written by careline.answers.asked alone, which strips them. No person, place of
    origin, moment or order is kept: equal words of a day are one row.
    """

    words = models.CharField(max_length=1000, blank=True)
    language = models.CharField(max_length=12)
    outcome = models.CharField(max_length=12, choices=Outcome)
    # Of a refusal its kind, of an answer its first sentence.
    refusal = models.CharField(max_length=20, choices=RefusalKind, blank=True)
    sentence = models.CharField(max_length=14, blank=True)
    count = models.PositiveIntegerField(default=1)
    asked_on = models.DateField()
    delete_on = models.DateField(db_index=True)

    objects = AskedQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("asked question")
        verbose_name_plural = _("asked questions")
        constraints = [
            models.UniqueConstraint(
                fields=["asked_on", "language", "outcome", "refusal", "sentence", "words"],
                name="one_row_for_equal_questions_of_a_day",
            )
        ]

    def __str__(self) -> str:
        # Never the words: this text may end in a log or an error page.
        return f"{self.outcome} {self.asked_on} ({self.language})"
