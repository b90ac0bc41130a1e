"""The medical review itself: its step in the workflow, comments on the text, reminders."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.locks import WorkflowLock
from wagtail.models import Task

from careline.content.models.pages import ReviewedPage


class RestingLock(WorkflowLock):  # type: ignore[misc]
    """Keeps a text as it is while it lies before a reviewer; says so in the editing screen."""

    def get_message(self, user: Any) -> str:
        """Return the words above the locked form."""
        return gettext("This text is in medical review. It rests until it is signed or sent back.")


class MedicalReview(Task):  # type: ignore[misc]
    """The step in which a draft waits for a signature.

    It offers no button of its own in the editor: signing and sending back happen
    in the review's screen, where the changes are seen. The text rests meanwhile.
    """

    lock_class = RestingLock

    class Meta:
        verbose_name = _("medical review")

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Nobody changes a text that lies before a reviewer."""
        return True

    @classmethod
    def get_description(cls) -> str:
        """Say what the step is for."""
        return gettext("A medical reviewer, not the author, signs the text or sends it back.")


class ReviewCommentQuerySet(models.QuerySet["ReviewComment"]):
    """Comments, asked as questions."""

    def open(self) -> "ReviewCommentQuerySet":
        """Return those that nobody has settled."""
        return self.filter(settled_at=None)


class ReviewComment(models.Model):
    """What a reviewer or an editor says about one sentence of a draft, or about all of it."""

    page = models.ForeignKey(ReviewedPage, on_delete=models.CASCADE, related_name="review_comments")
    revision = models.PositiveBigIntegerField()
    # Of a sentence as that revision has it; empty when the words are about the whole page.
    sentence_id = models.CharField(max_length=14, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(_("comment"), max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewCommentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.page_id} {self.sentence_id}"


class ReviewReminder(models.Model):
    """That the editors were reminded of one review date, so many days before it."""

    page = models.ForeignKey(ReviewedPage, on_delete=models.CASCADE, related_name="reminders")
    review_due = models.DateField()
    days = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "review_due", "days"], name="one_reminder_per_date"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.review_due} {self.days}"
