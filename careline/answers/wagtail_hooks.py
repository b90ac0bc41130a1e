"""What was asked and not answered, in the editor's menu."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from careline.answers import editor_views


def urls() -> list[URLPattern]:
    """Return the routes below /editor/."""
    return [
        path("asked/", editor_views.asked, name="asked_questions"),
        path("asked/draft/", editor_views.draft, name="asked_questions_draft"),
        path("asked/done/", editor_views.done, name="asked_questions_done"),
    ]


def menu_item() -> MenuItem:
    """Return the menu's entry."""
    url = reverse("asked_questions")
    return MenuItem(_("Asked, not answered"), url, icon_name="help", order=260)


hooks.register("register_admin_urls", urls)
hooks.register("register_admin_menu_item", menu_item)
