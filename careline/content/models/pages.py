"""The page types. They share one body, whose smallest part is a sentence with its sources."""

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import Select
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import CommentPanel, FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from careline.content.blocks import BODY_BLOCKS
from careline.content.enums import PageType
from careline.content.models.facts import Drug, Topic
from careline.content.page_form import ReviewedPageForm
from careline.content.reading_panel import ReadingPanel

if TYPE_CHECKING:
    from careline.content.models.review import Approval


class SiteRootPage(Page):  # type: ignore[misc]
    """The top of one language's pages. Not shown itself: the site's home page is at its address."""

    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = [
        "content.ArticlePage",
        "content.DrugPage",
        "content.ServicePage",
    ]
    private_page_options: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("site root")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer 404: this page only holds the others together."""
        raise Http404


class ReviewedPageQuerySet(PageQuerySet):  # type: ignore[misc]
    """Reviewed pages, asked as questions."""

    def signed(self) -> "ReviewedPageQuerySet":
        """Return those whose very live revision carries a signature that stands.

        Pages past their review date are among them: readers still see them, marked.
        """
        from careline.content.models.review import Approval

        signatures = Approval.objects.standing().filter(
            page=models.OuterRef("pk"), revision=models.OuterRef("live_revision_id")
        )
        signed: ReviewedPageQuerySet = self.filter(models.Exists(signatures), live=True)
        return signed

    def in_language(self, language: str) -> "ReviewedPageQuerySet":
        """Return those in one language."""
        found: ReviewedPageQuerySet = self.filter(locale__language_code=language)
        return found

    def signed_as(self, key: str, language: str) -> "ReviewedPage | None":
        """Return the signed page with this key in a language; None where there is none."""
        found = self.signed().in_language(language).filter(key=key)
        page: ReviewedPage | None = found.select_related("locale").first()
        return page


class ReviewedPage(Page):  # type: ignore[misc]
    """What every page with reviewed sentences shares. Made as one of the types below."""

    page_type: ClassVar[PageType]
    key = models.SlugField(
        _("key"),
        max_length=80,
        help_text=_("The same in every language of the page. Can't be changed once published."),
    )
    pack = models.SlugField(max_length=80, blank=True, editable=False)
    # Which state of the pack's file the page follows, and the revision that held it.
    pack_digest = models.CharField(max_length=64, blank=True, editable=False)
    pack_revision = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, related_name="pages", verbose_name=_("topic")
    )
    summary = models.CharField(_("summary"), max_length=300)
    order = models.PositiveIntegerField(_("order"), default=0)
    written_by = models.CharField(_("written by"), max_length=200, blank=True)
    body = StreamField(BODY_BLOCKS, blank=True, verbose_name=_("body"))

    objects = PageManager.from_queryset(ReviewedPageQuerySet)()

    base_form_class = ReviewedPageForm
    is_creatable = False
    parent_page_types: ClassVar[list[str]] = ["content.SiteRootPage"]
    subpage_types: ClassVar[list[str]] = []
    private_page_options: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("summary"),
        # Plain selects: Wagtail's choosers need an inline script, which the CSP refuses.
        FieldPanel("topic", widget=Select),
        FieldPanel("body"),
        ReadingPanel(heading=_("Ease of reading")),
    ]
    promote_panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [
                FieldPanel("key"),
                FieldPanel("slug"),
                FieldPanel("order"),
                FieldPanel("written_by"),
            ],
            _("Where it is found"),
        ),
    ]
    # No schedule: a signature holds from the moment in which it is given.
    settings_panels: ClassVar[list[Any]] = [CommentPanel()]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.FilterField("key"),
        index.FilterField("pack"),
    ]

    class Meta:
        verbose_name = _("reviewed page")

    @property
    def language(self) -> str:
        """The page's language code."""
        return str(self.locale.language_code)

    def signature(self) -> "Approval | None":
        """Return the standing signature of the live revision; None when there is none."""
        if not self.live or self.live_revision_id is None:
            return None
        standing: Approval | None = (
            self.approvals.standing().filter(revision=self.live_revision_id).last()
        )
        return standing

    def is_signed(self) -> bool:
        """Return whether readers may see the page; `ReviewedPageQuerySet.signed` for one."""
        return self.signature() is not None

    def clean(self) -> None:
        """Refuse a second page with this key in this language."""
        super().clean()
        same = ReviewedPage.objects.filter(key=self.key, locale_id=self.locale_id)
        if self.key and self.locale_id and same.exclude(pk=self.pk).exists():
            raise ValidationError({"key": _("Another page in this language has this key.")})

    def save_revision(self, *args: Any, overwrite_revision: Any = None, **kwargs: Any) -> Any:
        """Save a revision. One that is signed or in review is never overwritten, but followed.

        Wagtail's autosave writes over the editor's last revision; the words under
        a signature, or before a reviewer's eyes, may not change.
        """
        if overwrite_revision is not None and self._is_fixed(overwrite_revision):
            overwrite_revision = None
        return super().save_revision(*args, overwrite_revision=overwrite_revision, **kwargs)

    def _is_fixed(self, revision: Any) -> bool:
        signed = self.approvals.filter(revision=revision.pk).exists()
        return bool(signed or self.workflow_in_progress)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page; 404 when its live revision isn't signed."""
        if not self.is_signed():
            raise Http404
        response: HttpResponse = super().serve(request, *args, **kwargs)
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the templates show (careline.content.presentation)."""
        from careline.content.presentation import page_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        draft = bool(getattr(request, "is_preview", False))
        context.update(page_context(self, draft=draft))
        return context

    @property
    def review_due(self) -> dt.date | None:
        """The day by which the live revision has to be reviewed again."""
        signature = self.signature()
        return signature.review_due if signature else None


class ArticlePage(ReviewedPage):
    """A page on a subject."""

    page_type = PageType.ARTICLE
    template = "content/article_page.html"
    is_creatable = True

    class Meta:
        verbose_name = _("article")


class DrugPage(ReviewedPage):
    """A page on one drug."""

    page_type = PageType.DRUG
    drug = models.ForeignKey(
        Drug, on_delete=models.PROTECT, related_name="pages", verbose_name=_("drug")
    )
    template = "content/drug_page.html"
    is_creatable = True
    content_panels: ClassVar[list[Any]] = [
        *ReviewedPage.content_panels,
        FieldPanel("drug", widget=Select),
    ]

    class Meta:
        verbose_name = _("drug page")


class ServicePage(ReviewedPage):
    """A page on the service itself."""

    page_type = PageType.SERVICE
    template = "content/service_page.html"
    is_creatable = True

    class Meta:
        verbose_name = _("service page")


PAGE_MODELS: dict[PageType, type[ReviewedPage]] = {
    model.page_type: model for model in (ArticlePage, DrugPage, ServicePage)
}
