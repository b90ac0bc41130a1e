"""What a visitor sent besides words, sealed in pieces; it goes with the contact's words."""

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from careline.contacts.enums import AttachmentKind
from careline.core import clock
from careline.core.sealing.fields import SealedField


class SealedBytesField(SealedField):
    """Bytes as they are."""

    def to_bytes(self, value: Any) -> bytes:
        """Return the bytes."""
        return bytes(value or b"")

    def from_bytes(self, plain: bytes) -> bytes:
        """Return the bytes."""
        return plain


class Attachment(models.Model):
    """One file of a contact. Its name and whatever else it said about itself isn't kept."""

    contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.CASCADE, related_name="attachments"
    )
    # What its addresses and its event say.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=AttachmentKind.choices)
    number = models.PositiveSmallIntegerField()  # within its contact, from 1
    size = models.PositiveIntegerField()  # bytes
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            models.UniqueConstraint(fields=["contact", "number"], name="one_attachment_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of {self.contact_id}"


class AttachmentPart(models.Model):
    """A stretch of a file: so that no row is large, for backups and for a new key."""

    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    content = SealedBytesField(purpose="contacts.attachment", bound_to=("attachment_id", "number"))

    class Meta:
        ordering = ["attachment", "number"]
        constraints = [
            models.UniqueConstraint(fields=["attachment", "number"], name="one_part_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id}/{self.number}"
