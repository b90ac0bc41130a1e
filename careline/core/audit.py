"""Adding to the audit trail; every action calls this inside its transaction."""

from typing import Any, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from careline.core.models import AuditEntry


def record(
    action: str,
    subject: models.Model,
    *,
    acting_user: AbstractBaseUser | None,
    **detail: Any,
) -> AuditEntry:
    """Add one entry. `acting_user` is None for what the service itself does.

    `detail` holds ids, counts and enumeration members, never typed words.
    """
    return AuditEntry.objects.create(
        actor=cast(Any, acting_user),  # core may not name the staff model
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        detail=detail,
    )
