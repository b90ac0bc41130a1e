"""How the editor's screens keep the publishing rules: nothing goes public but by our actions."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from careline.content.actions import approve_and_publish, retire_unpublished
from careline.content.errors import PublishingRefused
from careline.content.models import ReviewedPage
from careline.content.snippets import FactsGroup

register_snippet(FactsGroup)


def sign_instead(request: HttpRequest, page: Page) -> HttpResponse:
    """Sign and publish the revision just saved by our action, in place of Wagtail's own."""
    reviewed = page.specific
    if not isinstance(reviewed, ReviewedPage):
        return _refused(request, page, _("This page isn't published from here."))
    try:
        approve_and_publish(
            reviewed,
            reviewed.get_latest_revision(),
            acting_user=request.user,  # type: ignore[arg-type]
        )
    except PublishingRefused as refusal:
        text = _("Your draft is saved, but not published.")
        return _refused(request, page, f"{text} {refusal}")
    messages.success(request, _("Signed and published: “%(title)s”.") % {"title": page.title})
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def retire_sentences(request: HttpRequest, page: Page) -> None:
    """Take the sentences of a page that went out of the answers for good."""
    retire_unpublished(acting_user=request.user)  # type: ignore[arg-type]


def refuse_bulk_publishing(
    request: HttpRequest, action: str, objects: Iterable[Any], _instance: Any
) -> HttpResponse | None:
    """Pages are signed one by one, and stay where they are."""
    pages = [each for each in objects if isinstance(each, Page)]
    if pages and action in ("publish", "move"):
        return _refused(request, pages[0], _("Open each page and publish it there."))
    return None


def retire_sentences_in_bulk(
    request: HttpRequest, action: str, objects: Iterable[Any], _instance: Any
) -> None:
    """Do the same for many pages at once."""
    if action in ("unpublish", "delete"):
        retire_unpublished(acting_user=request.user)  # type: ignore[arg-type]


def refuse_copy(request: HttpRequest, page: Page) -> HttpResponse:
    """A copy would have the key of the page, by which its sentences are known."""
    return _refused(request, page, _("Pages can't be copied. Make a new page instead."))


def refuse_move(request: HttpRequest, page: Page, _destination: Page) -> HttpResponse:
    """A page's place is its language."""
    return _refused(request, page, _("Pages can't be moved: each stands under its language."))


def _refused(request: HttpRequest, page: Page, text: str) -> HttpResponse:
    messages.error(request, text)
    return redirect("wagtailadmin_pages:edit", page.pk)


hooks.register("before_publish_page", sign_instead)
hooks.register("after_unpublish_page", retire_sentences)
hooks.register("after_delete_page", retire_sentences)
hooks.register("before_bulk_action", refuse_bulk_publishing)
hooks.register("after_bulk_action", retire_sentences_in_bulk)
hooks.register("before_copy_page", refuse_copy)
hooks.register("before_move_page", refuse_move)
