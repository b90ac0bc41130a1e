"""What readers say about a page. Nobody's name, nobody's address, and not for long."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _


class PageFeedbackQuerySet(models.QuerySet["PageFeedback"]):
    """Feedback, asked as questions."""

    def waiting(self) -> "PageFeedbackQuerySet":
        """Return the notes that no editor has settled yet, oldest first."""
        return self.filter(settled_on=None).exclude(words="").order_by("given_on", "pk")

    def due_for_deletion(self, today: dt.date) -> "PageFeedbackQuerySet":
        """Return those whose retention clock has run out."""
        return self.filter(delete_on__lte=today)


class PageFeedback(models.Model):
    """One person's "was this helpful", or one note that something is wrong.

    Only the day is kept, so that nobody can be found by the minute of a visit.
    """

    page_key = models.SlugField(max_length=80)
    language = models.CharField(max_length=12)
    revision = models.PositiveBigIntegerField(default=0)
    helpful = models.BooleanField(null=True)
    words = models.TextField(blank=True)
    given_on = models.DateField()
    delete_on = models.DateField(db_index=True)
    settled_on = models.DateField(null=True, blank=True)

    objects = PageFeedbackQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")

    def __str__(self) -> str:
        # Never the words: this text may end in a log or an error page.
        return f"{self.page_key} ({self.language})"
