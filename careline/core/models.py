"""What every domain builds on: the audit trail, the keys' names, the worker's tick."""

from typing import Any

from django.conf import settings
from django.db import models


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """The trail can be read and added to; it can't be changed."""

    def update(self, **_kwargs: Any) -> int:
        raise TypeError("The audit trail can't be edited.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("The audit trail can't be edited.")


class AuditEntry(models.Model):
    """Who did what to what, when. Holds ids, never what a contact wrote."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField(max_length=80, db_index=True)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry; saving it again is refused."""
        if self.pk is not None:
            raise TypeError("The audit trail can't be edited.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: the trail stays."""
        raise TypeError("The audit trail can't be edited.")


class Tick(models.Model):
    """When something that goes on for ever was last seen to go on; see core.ticks."""

    name = models.CharField(max_length=16, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at}"


class SealingKey(models.Model):
    """The name of a key that sealed something in this database; the key itself is elsewhere."""

    name = models.CharField(max_length=16, unique=True)
    first_used_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
