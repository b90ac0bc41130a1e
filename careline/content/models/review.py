"""Signatures and the sentences under them. "Approved" is defined here and nowhere else."""

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from careline.content.enums import SentenceState
from careline.content.models.facts import Source
from careline.content.models.pages import ReviewedPage
from careline.content.placeholders import fill
from careline.core import clock


class ApprovalQuerySet(models.QuerySet["Approval"]):
    """Signatures, asked as questions."""

    def standing(self) -> "ApprovalQuerySet":
        """Return those that weren't withdrawn."""
        return self.filter(withdrawn_at=None)


class Approval(models.Model):
    """One reviewer's signature under one exact revision of a page, or under answers or rules."""

    page = models.ForeignKey(
        ReviewedPage, null=True, blank=True, on_delete=models.SET_NULL, related_name="approvals"
    )
    # The number of Wagtail's revision for a page; 0 for what has no revisions of its own.
    revision = models.PositiveBigIntegerField(_("revision"), default=0)
    reviewer_name = models.CharField(_("reviewer"), max_length=200)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_on = models.DateField(_("reviewed on"))
    review_due = models.DateField(_("next review on"))
    demonstration = models.BooleanField(_("demonstration"), default=False)
    # For a translation: the revision of the source page that was live when it was signed.
    source_revision = models.PositiveBigIntegerField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    # The reviewer's answers to the questions of careline.content.checklist: key -> yes | no | na.
    checklist = models.JSONField(_("checklist"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")

    def __str__(self) -> str:
        return f"{self.reviewer_name}, {self.reviewed_on}"

    @property
    def signed_by(self) -> str:
        """Who signed, for readers. A demonstration has words for a name; those are translated."""
        return gettext(self.reviewer_name) if self.demonstration else self.reviewer_name

    def is_standing(self) -> bool:
        """Return whether it wasn't withdrawn."""
        return self.withdrawn_at is None

    def is_due(self, on: dt.date | None = None) -> bool:
        """Return whether the review date has passed on the day (today in the service's zone)."""
        return self.review_due < (on or clock.today())


Approved = TypeVar("Approved", bound="ApprovedModel")


class ApprovedQuerySet(models.QuerySet[Approved]):
    """For what carries a signature but has no page."""

    def approved(self, on: dt.date | None = None) -> "ApprovedQuerySet[Approved]":
        """Return those whose signature stands and isn't past its review date."""
        return self.filter(
            approval__withdrawn_at=None, approval__review_due__gte=on or clock.today()
        )


class ApprovedModel(models.Model):
    """Something under a signature that isn't a sentence of a page."""

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def is_approved(self, on: dt.date | None = None) -> bool:
        """`approved()` for one object."""
        return self.approval.is_standing() and not self.approval.is_due(on)


def normalised(text: str) -> str:
    """Return the text in NFC with single spaces: the form that makes a sentence the same."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def sentence_id(page_key: str, language: str, text: str) -> str:
    """Return the id of a sentence: the same words on the same page keep it for good."""
    whole = "\x1f".join([page_key, language, normalised(text)])
    return "s-" + hashlib.sha256(whole.encode()).hexdigest()[:12]


class SentenceQuerySet(models.QuerySet["Sentence"]):
    """Sentences, asked as questions."""

    def signed(self) -> "SentenceQuerySet":
        """Return those a page may show: on a live page, current, under a standing signature.

        Sentences past their review date are among them; the page says so.
        """
        return self.filter(page__live=True, retired_at=None, approval__withdrawn_at=None).exclude(
            approval=None
        )

    def approved(self, on: dt.date | None = None) -> "SentenceQuerySet":
        """Return those an answer may use: signed, not past the review date on the day, and no
        translation of words that have changed since."""
        due = on or clock.today()
        return self.signed().filter(approval__review_due__gte=due, behind_since=None)

    def in_language(self, language: str) -> "SentenceQuerySet":
        """Return those in one language."""
        return self.filter(language=language)

    def by_name(self) -> "dict[str, Sentence]":
        """Return those of one language that have a label, each by its name."""
        return {each.name: each for each in self.exclude(label="")}

    def named(self, name: str) -> "SentenceQuerySet":
        """Return those of this name, page#label; a name without a label is nobody's."""
        page, _hash, label = name.partition("#")
        return self.filter(page_key=page, label=label) if label else self.none()

    def with_citations(self) -> "SentenceQuerySet":
        """Return them with what a citation shows, in a fixed number of queries."""
        return self.select_related(
            "page", "page__topic", "page__locale", "approval"
        ).prefetch_related("sources")


class Sentence(models.Model):
    """One sentence of a page as it was signed. Its row is never changed to other words."""

    id = models.CharField(primary_key=True, max_length=14)
    page = models.ForeignKey(
        ReviewedPage, null=True, blank=True, on_delete=models.SET_NULL, related_name="sentences"
    )
    # Kept beside the page, so that an old id still resolves after the page is deleted.
    page_key = models.SlugField(max_length=80, db_index=True)
    page_title = models.CharField(max_length=255)
    language = models.CharField(max_length=12, db_index=True)
    label = models.SlugField(max_length=80, blank=True)
    text = models.TextField()  # May hold placeholders; `shown_text` fills them.
    section = models.CharField(max_length=200, blank=True)
    anchor = models.CharField(max_length=80, blank=True)
    position = models.PositiveIntegerField()
    # Set for the sentences of a reviewer's note on a conflict.
    conflict_key = models.SlugField(max_length=80, blank=True)
    revision = models.PositiveBigIntegerField()
    sources = models.ManyToManyField(Source, related_name="sentences")
    approval = models.ForeignKey(
        Approval, null=True, blank=True, on_delete=models.PROTECT, related_name="sentences"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    # For a translation: the sentence that it was approved as a translation of, and since when that
    # one has been replaced by other words. Set by careline.content.actions.translations alone.
    follows = models.CharField(max_length=14, blank=True)
    behind_since = models.DateTimeField(null=True, blank=True)

    objects = SentenceQuerySet.as_manager()

    class Meta:
        ordering = ["page_key", "language", "position"]
        indexes = [models.Index(fields=["page_key", "language", "label"], name="sentence_by_label")]

    def __str__(self) -> str:
        return self.text

    @property
    def name(self) -> str:
        """What packs, answers and screens call it in every language, if it has a label."""
        return f"{self.page_key}#{self.label}"

    @property
    def shown_text(self) -> str:
        """The text with the deployment's numbers in place of its placeholders."""
        return fill(self.text)

    @property
    def url(self) -> str:
        """The address of the sentence on its page; empty when the page is gone."""
        page_url = self.page.url if self.page else None
        return f"{page_url}#{self.id}" if page_url else ""

    def is_signed(self) -> bool:
        """`SentenceQuerySet.signed` for one object."""
        return (
            self.page is not None
            and self.page.live
            and self.retired_at is None
            and self.approval is not None
            and self.approval.is_standing()
        )

    def keeps_signature(self, *, under_demonstration: bool = False) -> bool:
        """Return whether a new signature leaves this sentence, unchanged, the one it has.

        It does while the old one stands, isn't overdue, isn't that of a translation
        whose source has changed, and isn't a demonstration's over which a real one is put.
        """
        old = self.approval
        return (
            old is not None
            and self.retired_at is None
            and self.behind_since is None
            and old.is_standing()
            and not old.is_due()
            and (under_demonstration or not old.demonstration)
        )

    def is_approved(self, on: dt.date | None = None) -> bool:
        """`SentenceQuerySet.approved` for one object."""
        if not self.is_signed() or self.behind_since is not None:
            return False
        return not (self.approval is None or self.approval.is_due(on))

    def state(self, on: dt.date | None = None) -> SentenceState:
        """Return what has become of the sentence; APPROVED exactly when `is_approved`."""
        if self.retired_at is not None:
            return SentenceState.RETIRED
        if self.approval is None or not self.approval.is_standing():
            return SentenceState.WITHDRAWN
        if self.page is None or not self.page.live:
            return SentenceState.UNPUBLISHED
        if self.behind_since is not None:
            return SentenceState.BEHIND
        return SentenceState.OVERDUE if self.approval.is_due(on) else SentenceState.APPROVED


def whole(names: Iterable[str], sentences: Mapping[str, Sentence]) -> list[Sentence]:
    """Return the sentences of these names in this order.

    Empty when any of them isn't there: half of what was signed as a whole can mislead.
    """
    found = [sentences.get(name) for name in names]
    there = [each for each in found if each is not None]
    return there if len(there) == len(found) else []


class Pack(models.Model):
    """What a loaded pack says of itself."""

    key = models.SlugField(max_length=80, primary_key=True)
    version = models.CharField(max_length=40)
    title = models.JSONField(default=dict)
    licence = models.CharField(max_length=80)
    languages = models.JSONField(default=list)
    demonstration = models.BooleanField(default=False)
    written_by = models.CharField(max_length=200)
    # Of the pack's files, so that loading them again can be told at a glance to change nothing.
    digest = models.CharField(max_length=64, blank=True)
    # What the header says and no row holds, and the files that rows don't hold, as they came.
    header = models.JSONField(default=dict)
    files = models.JSONField(default=dict)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class ContentVersion(models.Model):
    """One row with a number that grows whenever anything approved changes."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
