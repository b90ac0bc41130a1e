"""Who may do what: predicates for access rules and actions. All fail closed."""

from typing import Any

from careline.accounts.enums import Role
from careline.accounts.models import Staff


def _holds(user: Any, *roles: Role) -> bool:
    return isinstance(user, Staff) and any(user.has_role(role) for role in roles)


def may_serve_contacts(user: Any) -> bool:
    """Specialists and supervisors use the desk."""
    return _holds(user, Role.SPECIALIST, Role.SUPERVISOR)


def may_supervise(user: Any) -> bool:
    """Supervisors see the whole queue and the reports."""
    return _holds(user, Role.SUPERVISOR)


def may_edit_content(user: Any) -> bool:
    """Editors and medical reviewers use the editor's screens."""
    return _holds(user, Role.EDITOR, Role.MEDICAL_REVIEWER)


def may_approve_content(user: Any) -> bool:
    """Only medical reviewers sign a revision."""
    return _holds(user, Role.MEDICAL_REVIEWER)


def may_certify(user: Any) -> bool:
    """Supervisors and administrators say what others are trained for."""
    return _holds(user, Role.SUPERVISOR) or (
        isinstance(user, Staff) and user.is_active and user.is_superuser
    )
