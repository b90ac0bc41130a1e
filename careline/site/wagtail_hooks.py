"""What readers said, in the editor's menu."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from careline.site import editor_views


def urls() -> list[URLPattern]:
    """Return the routes below /editor/."""
    return [
        path("feedback/", editor_views.feedback, name="readers_feedback"),
        path("feedback/<int:pk>/settle/", editor_views.settle, name="readers_feedback_settle"),
    ]


def menu_item() -> MenuItem:
    """Return the menu's entry."""
    return MenuItem(_("From readers"), reverse("readers_feedback"), icon_name="comment", order=250)


hooks.register("register_admin_urls", urls)
hooks.register("register_admin_menu_item", menu_item)
