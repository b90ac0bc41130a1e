"""What was asked and not answered, in the editor's menu."""

from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


def urls() -> list[URLResolver]:
    """Return the routes below /editor/; read when they are asked for: the worker never does."""
    return [path("asked/", include("careline.answers.editor_urls"))]


def menu_item() -> MenuItem:
    """Return the menu's entry."""
    url = reverse("asked_questions")
    return MenuItem(_("Asked, not answered"), url, icon_name="help", order=260)


hooks.register("register_admin_urls", urls)
hooks.register("register_admin_menu_item", menu_item)
