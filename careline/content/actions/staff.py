"""What editors and medical reviewers may do in the editor's screens."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from careline.accounts.actions import ensure_roles
from careline.accounts.enums import Role
from careline.content.models import MedicalReview

# Facts come from packs, which are reviewed as a whole; in the screens they can be looked at.
_FACTS = (
    "adverseevent",
    "approvedanswer",
    "claimconflict",
    "drug",
    "glossaryterm",
    "refusalclass",
    "regimen",
    "safetyruleset",
    "source",
    "topic",
)
_PAGE_PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.EDITOR: ("add_page", "change_page"),
    # Reviewers read, comment and sign in the review's own screen; they change no page.
    Role.MEDICAL_REVIEWER: (),
}
WORKFLOW_NAME = "Medical review"


@transaction.atomic
def grant_group_permissions() -> None:
    """Give the groups 'editor' and 'medical_reviewer' their permissions; make them if missing.

    Idempotent. Editors write, add sources and ask for review; reviewers sign and
    can't change, unpublish or delete a page.
    Nobody changes facts in the screens: no review covers that yet.
    """
    groups = ensure_roles()
    top = Page.get_first_root_node()
    for role in _PAGE_PERMISSIONS:
        group = groups[role]
        group.permissions.add(*_model_permissions(role))
        _set_page_permissions(group, top, _PAGE_PERMISSIONS[role])
    _ensure_workflow(top)


def _model_permissions(role: Role) -> list[Permission]:
    content = Permission.objects.filter(content_type__app_label="content")
    wanted = {f"view_{model}" for model in _FACTS}
    if role is Role.EDITOR:
        wanted.add("add_source")
    access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    return [access, *content.filter(codename__in=wanted)]


def _set_page_permissions(group: Group, top: Page, codenames: tuple[str, ...]) -> None:
    given = GroupPagePermission.objects.filter(group=group)
    given.exclude(permission__codename__in=codenames).delete()
    wanted = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=codenames
    )
    for permission in wanted:
        GroupPagePermission.objects.get_or_create(group=group, page=top, permission=permission)


def _ensure_workflow(top: Page) -> None:
    """Drafts sent for review wait for a medical reviewer, wherever the page stands."""
    workflow, _created = Workflow.objects.get_or_create(name=WORKFLOW_NAME)
    task, _created = MedicalReview.objects.get_or_create(name=WORKFLOW_NAME)
    WorkflowTask.objects.filter(workflow=workflow).exclude(task_id=task.pk).delete()
    WorkflowTask.objects.get_or_create(workflow=workflow, task_id=task.pk, sort_order=0)
    WorkflowPage.objects.update_or_create(page=top, defaults={"workflow": workflow})
