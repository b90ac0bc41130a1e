"""What the answers and the safety rules are made of: all of it under a signature."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from careline.content.enums import NextStep, RefusalKind
from careline.content.models.facts import Topic
from careline.content.models.review import (
    Approval,
    ApprovedModel,
    ApprovedQuerySet,
    Sentence,
    whole,
)
from careline.content.words import in_language
from careline.core import clock


class ApprovedAnswerQuerySet(ApprovedQuerySet["ApprovedAnswer"]):
    """Answers, asked as questions."""


class ApprovedAnswer(ApprovedModel):
    """Which sentences answer which questions, in reading order, for every language at once."""

    key = models.SlugField(_("key"), max_length=80, primary_key=True)
    pack = models.SlugField(max_length=80, blank=True, editable=False)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="answers")
    order = models.PositiveIntegerField(default=0)

    objects = ApprovedAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["order", "key"]
        verbose_name = _("approved answer")
        verbose_name_plural = _("approved answers")

    def __str__(self) -> str:
        return self.key

    def whole(self, sentences: Mapping[str, Sentence]) -> list[Sentence]:
        """Return the answer's sentences, by name out of these, in reading order.

        Empty when any of them isn't among these: half an answer can mislead.
        """
        return whole((str(part) for part in self.parts.all()), sentences)


class AnswerSentence(models.Model):
    """One sentence of an answer, named by page and label so that it holds in every language."""

    answer = models.ForeignKey(ApprovedAnswer, on_delete=models.CASCADE, related_name="parts")
    page_key = models.SlugField(max_length=80)
    label = models.SlugField(max_length=80)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["answer", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "position"], name="one_sentence_per_place_in_an_answer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_key}#{self.label}"


Own = TypeVar("Own", bound="OwnSigned")


class OwnSignedQuerySet(models.QuerySet[Own]):
    """Ways of asking and refused questions, asked as questions."""

    def in_use(self, on: dt.date | None = None) -> "OwnSignedQuerySet[Own]":
        """Return the packs' and those that editors added whose signature holds on the day."""
        signed = models.Q(
            approval__withdrawn_at=None, approval__review_due__gte=on or clock.today()
        )
        return self.filter(models.Q(approval=None) | signed)

    def of_packs(self) -> "OwnSignedQuerySet[Own]":
        """Return those that came with a pack: they stand under what they belong to."""
        return self.filter(approval=None)


class OwnSigned(models.Model):
    """A question that a pack brought, or that an editor added under a signature of its own."""

    approval = models.ForeignKey(
        Approval, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True


class QuestionVariantQuerySet(OwnSignedQuerySet["QuestionVariant"]):
    """Ways of asking, asked as questions."""


class QuestionVariant(OwnSigned):
    """A way in which people ask, in one language."""

    answer = models.ForeignKey(ApprovedAnswer, on_delete=models.CASCADE, related_name="variants")
    language = models.CharField(max_length=12, db_index=True)
    text = models.CharField(max_length=500)
    position = models.PositiveIntegerField(default=0)

    objects = QuestionVariantQuerySet.as_manager()

    class Meta:
        ordering = ["answer", "language", "position"]
        verbose_name = _("question variant")

    def __str__(self) -> str:
        return self.text


class RefusalClassQuerySet(ApprovedQuerySet["RefusalClass"]):
    """Refusals, asked as questions."""


class RefusalClass(ApprovedModel):
    """What is said when a kind of question isn't answered."""

    kind = models.CharField(max_length=20, choices=RefusalKind, primary_key=True)
    pack = models.SlugField(max_length=80, blank=True, editable=False)
    # Language -> list of sentences, placeholders unfilled.
    texts = models.JSONField(default=dict)
    next = models.JSONField(default=list)
    page_keys = models.JSONField(default=list)
    order = models.PositiveIntegerField(default=0)

    objects = RefusalClassQuerySet.as_manager()

    class Meta:
        ordering = ["order", "kind"]
        verbose_name = _("refusal")
        verbose_name_plural = _("refusals")

    def __str__(self) -> str:
        return self.kind

    def text_in(self, language: str) -> list[str]:
        """The sentences of the refusal in a language, placeholders unfilled."""
        return in_language(self.texts, language, [])

    @property
    def next_steps(self) -> list[NextStep]:
        """What the person can do next, best first."""
        return [NextStep(step) for step in self.next]


class RefusalExampleQuerySet(OwnSignedQuerySet["RefusalExample"]):
    """Refused questions, asked as questions."""


class RefusalExample(OwnSigned):
    """A question that the refusal is for, in one language."""

    refusal = models.ForeignKey(RefusalClass, on_delete=models.CASCADE, related_name="examples")
    language = models.CharField(max_length=12, db_index=True)
    text = models.CharField(max_length=500)
    position = models.PositiveIntegerField(default=0)

    objects = RefusalExampleQuerySet.as_manager()

    class Meta:
        ordering = ["refusal", "language", "position"]

    def __str__(self) -> str:
        return self.text


class SafetyRuleSetQuerySet(models.QuerySet["SafetyRuleSet"]):
    """Rule sets, asked as questions."""

    def in_force(self) -> "SafetyRuleSet | None":
        """Return the newest one whose signature stands; None when nothing was loaded.

        A rule set past its review date stays in force: danger signs must never
        go unseen because a date went by.
        """
        return self.filter(approval__withdrawn_at=None).select_related("approval").last()


class SafetyRuleSet(ApprovedModel):
    """One version of the danger signs and of the words of the care cards. Every version is kept."""

    version = models.CharField(max_length=40, unique=True)
    rules = models.JSONField()
    cards = models.JSONField()
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SafetyRuleSetQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("safety rule set")
        verbose_name_plural = _("safety rule sets")

    def __str__(self) -> str:
        return self.version

    def as_dict(self) -> dict[str, Any]:
        """The rules and cards as the pack's files hold them."""
        return {"version": self.version, "rules": self.rules, "cards": self.cards}
