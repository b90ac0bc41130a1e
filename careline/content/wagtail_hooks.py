"""How the editor's screens keep the publishing rules: nothing goes public but by our actions."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from careline.content import review_views
from careline.content.actions import note_review_asked
from careline.content.enums import PageState
from careline.content.models import Approval, ReviewedPage, SiteRootPage
from careline.content.snippets import FactsGroup, guard_facts
from careline.content.states import standings

guard_facts()
register_snippet(FactsGroup)


def refuse_to_publish(request: HttpRequest, page: Page) -> HttpResponse:
    """Keep the saved draft, and say how a page is published."""
    text = _("Your draft is saved, but not published. Send it for review: a signature publishes.")
    return _refused(request, page, text)


def withdraw_at_once(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Take the page out of sight when the editing screen's button says so."""
    if request.method != "POST" or WithdrawMenuItem.name not in request.POST:
        return None
    reviewed = page.specific_deferred
    if isinstance(reviewed, ReviewedPage):
        return review_views.take_out(request, page_id=page.pk)
    return None


def note_review(request: HttpRequest, page: Page) -> None:
    """Keep in the audit trail who sent a draft for review."""
    sent = {"action-submit", "action-restart-workflow"} & set(request.POST)
    # Read anew: the form's page remembers what its workflow was before.
    reviewed = ReviewedPage.objects.filter(pk=page.pk).first() if sent else None
    if reviewed is not None:
        note_review_asked(reviewed, acting_user=request.user)  # type: ignore[arg-type]


def refuse_deletion(request: HttpRequest, page: Page) -> HttpResponse | None:
    """What was ever signed stays on record, whoever asks; nor goes it with the page above it."""
    if _were_signed([page]):
        return _refused(request, page, _("This page was signed once: withdraw it instead."))
    return None


def _were_signed(pages: list[Page]) -> bool:
    return any(
        Approval.objects.filter(page__in=page.get_descendants(inclusive=True)).exists()
        for page in pages
    )


def refuse_to_unpublish(request: HttpRequest, page: Page) -> HttpResponse:
    """Withdrawing is the one way out of sight: it takes the signature away and is on record."""
    return _refused(request, page, _("Press “Withdraw now” instead: it stays on record."))


def refuse_bulk_publishing(
    request: HttpRequest, action: str, objects: Iterable[Any], _instance: Any
) -> HttpResponse | None:
    """Pages are signed one by one, and stay where they are."""
    pages = [each for each in objects if isinstance(each, Page)]
    if pages and action in ("publish", "move"):
        return _refused(request, pages[0], _("Open each page and publish it there."))
    if pages and action == "unpublish":
        return refuse_to_unpublish(request, pages[0])
    if pages and action == "delete" and _were_signed(pages):
        return _refused(request, pages[0], _("This page was signed once: withdraw it instead."))
    return None


def refuse_copy(request: HttpRequest, page: Page) -> HttpResponse:
    """A copy would have the key of the page, by which its sentences are known."""
    return _refused(request, page, _("Pages can't be copied. Make a new page instead."))


def refuse_move(request: HttpRequest, page: Page, _destination: Page) -> HttpResponse:
    """A page's place is its language."""
    return _refused(request, page, _("Pages can't be moved: each stands under its language."))


def _refused(request: HttpRequest, page: Page, text: str) -> HttpResponse:
    messages.error(request, text)
    return redirect("wagtailadmin_pages:edit", page.pk)


class WithdrawMenuItem(ActionMenuItem):  # type: ignore[misc]
    """The editing screen's button that takes a public page out of sight at once."""

    name = "action-withdraw"
    label = _lazy("Withdraw now")
    icon_name = "warning"
    order = 900

    def is_shown(self, context: dict[str, Any]) -> bool:
        """Show it for what the public can see, also while the text lies in review."""
        return context["view"] == "edit" and bool(context["page"].live)


class ReviewsPanel(Component):  # type: ignore[misc]
    """The first thing on the editor's home: how much waits for whom."""

    template_name = "content/review/home_panel.html"
    order = 10

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        """Name what waits and what was sent back, count what is due, lead to a new page."""
        rows = standings()
        return {
            "waiting": [row for row in rows if row.draft is PageState.IN_REVIEW],
            "sent_back": [row for row in rows if row.draft is PageState.SENT_BACK],
            "due": sum(row.is_due_soon for row in rows),
            "begin": _new_pages(parent_context["request"].user),
        }


def _new_pages(user: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the languages in which the person may begin a page, each with kinds and addresses."""
    roots = SiteRootPage.objects.select_related("locale").order_by("path")
    return [
        (root.locale.get_display_name(), _kinds_under(root))
        for root in roots
        if root.permissions_for_user(user).can_add_subpage()
    ]


def _kinds_under(root: SiteRootPage) -> list[tuple[str, str]]:
    kinds = root.creatable_subpage_models()
    return [(str(kind._meta.verbose_name).capitalize(), _add_url(root, kind)) for kind in kinds]


def _add_url(root: SiteRootPage, kind: type[Page]) -> str:
    return reverse("wagtailadmin_pages:add", args=["content", kind._meta.model_name, root.pk])


def add_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Put the panel of reviews on the editor's home."""
    panels.append(ReviewsPanel())


def reviews_menu_item() -> MenuItem:
    """Lead from the editor's menu to the reviews."""
    return MenuItem(_lazy("Reviews"), reverse_lazy("reviews"), icon_name="check", order=150)


def review_buttons(page: Page, user: Any, *_more: Any, **_named: Any) -> Iterator[Button]:
    """Lead from a page's menus to its review."""
    if isinstance(page.specific_deferred, ReviewedPage):
        url = reverse("review", args=[page.pk])
        yield Button(_("Review and signatures"), url, icon_name="check", priority=5)


hooks.register("before_publish_page", refuse_to_publish)
hooks.register("before_edit_page", withdraw_at_once)
hooks.register("after_create_page", note_review)
hooks.register("after_edit_page", note_review)
hooks.register("before_delete_page", refuse_deletion)
hooks.register("register_page_action_menu_item", WithdrawMenuItem)
hooks.register("construct_homepage_panels", add_panel)
hooks.register("register_admin_menu_item", reviews_menu_item)
hooks.register("register_page_header_buttons", review_buttons)
hooks.register("register_page_listing_more_buttons", review_buttons)
hooks.register("before_unpublish_page", refuse_to_unpublish)
hooks.register("before_bulk_action", refuse_bulk_publishing)
hooks.register("before_copy_page", refuse_copy)
hooks.register("before_move_page", refuse_move)
