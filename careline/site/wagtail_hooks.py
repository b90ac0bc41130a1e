"""What readers said, in the editor's menu."""

from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


def urls() -> list[URLResolver]:
    """Return the routes below /editor/; read when they are asked for: the worker never does."""
    return [path("feedback/", include("careline.site.editor_urls"))]


def menu_item() -> MenuItem:
    """Return the menu's entry."""
    return MenuItem(_("From readers"), reverse("readers_feedback"), icon_name="comment", order=250)


hooks.register("register_admin_urls", urls)
hooks.register("register_admin_menu_item", menu_item)
