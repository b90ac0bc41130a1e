"""The danger rules, in the editor's menu."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from careline.safety import editor_views


def urls() -> list[URLPattern]:
    """Return the routes below /editor/."""
    return [
        path("danger/", editor_views.rules, name="danger_rules"),
        path("danger/propose/", editor_views.propose, name="danger_rules_propose"),
        path("danger/run/", editor_views.run_cases, name="danger_rules_run"),
        path("danger/sign/", editor_views.sign_whole, name="danger_rules_sign_whole"),
        path("danger/<int:pk>/sign/", editor_views.sign, name="danger_rules_sign"),
        path("danger/<int:pk>/discard/", editor_views.discard, name="danger_rules_discard"),
    ]


def menu_item() -> MenuItem:
    """Return the menu's entry."""
    return MenuItem(_("Danger rules"), reverse("danger_rules"), icon_name="warning", order=265)


hooks.register("register_admin_urls", urls)
hooks.register("register_admin_menu_item", menu_item)
