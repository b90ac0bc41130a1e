"""What editors and medical reviewers may do in the editor's screens."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from careline.accounts.actions import ensure_roles
from careline.accounts.enums import Role

# Facts come from packs, which are reviewed as a whole; in the screens they can be looked at.
_FACTS = (
    "adverseevent",
    "approvedanswer",
    "claimconflict",
    "drug",
    "refusalclass",
    "regimen",
    "safetyruleset",
    "source",
    "topic",
)
_PAGE_PERMISSIONS = {
    Role.EDITOR: ("add_page", "change_page"),
    Role.MEDICAL_REVIEWER: ("change_page", "publish_page", "lock_page", "unlock_page"),
}
WORKFLOW_NAME = "Medical review"


@transaction.atomic
def grant_group_permissions() -> None:
    """Give the groups 'editor' and 'medical_reviewer' their permissions; make them if missing.

    Idempotent. Editors write, add sources and ask for review; reviewers sign.
    Nobody changes facts in the screens: no review covers that yet.
    """
    groups = ensure_roles()
    top = Page.get_first_root_node()
    for role in _PAGE_PERMISSIONS:
        group = groups[role]
        group.permissions.add(*_model_permissions(role))
        for codename in _PAGE_PERMISSIONS[role]:
            permission = Permission.objects.get(
                content_type__app_label="wagtailcore", codename=codename
            )
            GroupPagePermission.objects.get_or_create(group=group, page=top, permission=permission)
    _ensure_workflow(top, groups[Role.MEDICAL_REVIEWER])


def _model_permissions(role: Role) -> list[Permission]:
    content = Permission.objects.filter(content_type__app_label="content")
    wanted = {f"view_{model}" for model in _FACTS}
    if role is Role.EDITOR:
        wanted.add("add_source")
    access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    return [access, *content.filter(codename__in=wanted)]


def _ensure_workflow(top: Page, reviewers: Group) -> None:
    """Drafts sent for review go to the medical reviewers, wherever the page stands."""
    workflow, created = Workflow.objects.get_or_create(name=WORKFLOW_NAME)
    if created:
        task = GroupApprovalTask.objects.create(name=WORKFLOW_NAME)
        task.groups.add(reviewers)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.update_or_create(page=top, defaults={"workflow": workflow})
