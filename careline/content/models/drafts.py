"""What editors draft from people's questions, until a medical reviewer has signed it."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from careline.content.enums import DraftKind, DraftState, RefusalKind
from careline.content.models.facts import Topic
from careline.content.models.review import Approval


class QuestionDraftQuerySet(models.QuerySet["QuestionDraft"]):
    """Drafts, asked as questions."""

    def waiting(self) -> "QuestionDraftQuerySet":
        """Return those that lie before the medical reviewers, oldest first."""
        return self.filter(state=DraftState.IN_REVIEW).order_by("changed_at")

    def open(self) -> "QuestionDraftQuerySet":
        """Return those that an editor still works on."""
        return self.filter(state__in=[DraftState.DRAFT, DraftState.SENT_BACK])


class QuestionDraft(models.Model):
    """A way of asking for an answer, a new answer, or a question to refuse, in one language.

    Nothing of it is used before `state` is SIGNED; then the rows that are used stand under
    `approval`, which is of this draft alone.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=DraftKind)
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.DRAFT)
    language = models.CharField(_("language"), max_length=12)
    text = models.CharField(_("question"), max_length=500)
    # Of a way of asking: whose; of a new answer: the key that it will have.
    answer_key = models.SlugField(max_length=80, blank=True)
    refusal = models.CharField(max_length=20, choices=RefusalKind, blank=True)
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.PROTECT)
    # Of a new answer: its sentences as page-key#label, in reading order.
    sentences = models.JSONField(default=list, blank=True)
    # What the reviewer said when sending it back.
    note = models.TextField(blank=True)
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    approval = models.ForeignKey(
        Approval, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()

    objects = QuestionDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("draft from questions")
        verbose_name_plural = _("drafts from questions")

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def rests(self) -> bool:
        """Whether nobody may change it: it lies in review, or is done with."""
        return self.state not in (DraftState.DRAFT, DraftState.SENT_BACK)

    @property
    def stamp(self) -> str:
        """What tells this text from the one before and after it."""
        return self.changed_at.astimezone(dt.UTC).isoformat()

    @property
    def is_in_use(self) -> bool:
        """Whether it is signed and the signature stands."""
        return self.approval is not None and self.approval.is_standing()
