"""The facts and rules in the editor's screens: to look at, since packs bring them."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from careline.content.models import (
    AdverseEvent,
    ApprovedAnswer,
    ClaimConflict,
    Drug,
    GlossaryTerm,
    RefusalClass,
    Regimen,
    SafetyRuleSet,
    Source,
    Topic,
)


class LookedAtPolicy(ModelPermissionPolicy):  # type: ignore[misc]
    """Nobody changes or deletes a fact in the screens, an administrator neither: no review covers
    that, and signed sentences rest on their sources. Editors add sources."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Return whether the person may do it; `action` is add, change, delete or view."""
        allowed = action == "view" or (action == "add" and self.model is Source)
        return allowed and bool(super().user_has_permission(user, action))


class _Shown(SnippetViewSet):  # type: ignore[misc]
    """Listed with a page of details; who may change what is a matter of permissions."""

    inspect_view_enabled = True
    copy_view_enabled = False
    list_per_page = 50


class TopicViews(_Shown):
    model = Topic
    icon = "folder-open-inverse"
    list_display: ClassVar[list[Any]] = ["__str__", "key", "pack"]


class SourceViews(_Shown):
    model = Source
    icon = "link-external"
    list_display: ClassVar[list[Any]] = ["title", "publisher", "kind", "read_on"]
    list_filter: ClassVar[list[Any]] = ["kind"]
    search_fields: ClassVar[list[str]] = ["key", "title", "publisher"]


class DrugViews(_Shown):
    model = Drug
    icon = "pick"
    list_display: ClassVar[list[Any]] = ["generic", "kind", "drug_class"]


class RegimenViews(_Shown):
    model = Regimen
    icon = "list-ul"
    list_display: ClassVar[list[Any]] = ["key", "condition"]


class AdverseEventViews(_Shown):
    model = AdverseEvent
    icon = "warning"
    list_display: ClassVar[list[Any]] = ["key", "tier", "level"]
    list_filter: ClassVar[list[Any]] = ["tier", "level"]


class ConflictViews(_Shown):
    model = ClaimConflict
    icon = "help"
    list_display: ClassVar[list[Any]] = ["__str__", "status"]


class TermViews(_Shown):
    model = GlossaryTerm
    icon = "openquote"
    list_display: ClassVar[list[Any]] = ["__str__", "forms", "explained_by", "pack"]


class AnswerViews(_Shown):
    model = ApprovedAnswer
    icon = "comment"
    list_display: ClassVar[list[Any]] = ["key", "topic", "approval"]


class RefusalViews(_Shown):
    model = RefusalClass
    icon = "no-view"
    list_display: ClassVar[list[Any]] = ["kind", "approval"]


class RuleSetViews(_Shown):
    model = SafetyRuleSet
    icon = "lock"
    list_display: ClassVar[list[Any]] = ["version", "created_at", "approval"]


class FactsGroup(SnippetViewSetGroup):  # type: ignore[misc]
    """One menu for all of them."""

    items = (
        TopicViews,
        SourceViews,
        DrugViews,
        RegimenViews,
        AdverseEventViews,
        ConflictViews,
        TermViews,
        AnswerViews,
        RefusalViews,
        RuleSetViews,
    )
    menu_label = _("Facts")
    menu_icon = "snippet"
    menu_name = "facts"
    menu_order = 200


def guard_facts() -> None:
    """Put the policy over every kind of fact; before the screens are registered."""
    for views in FactsGroup.items:
        register_permission_policy(views.model, LookedAtPolicy(views.model))
