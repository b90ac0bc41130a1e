"""What visitors get and give besides the conversation: a code to come back, and an opinion."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from careline.contacts.enums import Channel, Helped


class ResumeCode(models.Model):
    """The hash of a code that opens one contact; it goes with the contact's words."""

    contact = models.OneToOneField(
        "contacts.Contact", on_delete=models.CASCADE, related_name="resume_code"
    )
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"code of {self.contact_id}"


class SurveyAnswer(models.Model):
    """What somebody thought of the help. Nothing leads from here to a contact or a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    on = models.DateField(_("day"))
    channel = models.CharField(max_length=12, choices=Channel.choices)
    language = models.CharField(max_length=12)
    helped = models.CharField(_("did it help"), max_length=12, choices=Helped.choices)
    understood = models.CharField(
        _("easy to understand"), max_length=12, choices=Helped.choices, blank=True
    )
    again = models.CharField(
        _("would come again"), max_length=12, choices=Helped.choices, blank=True
    )
    delete_after = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("survey answer")
        verbose_name_plural = _("survey answers")

    def __str__(self) -> str:
        return f"{self.on} {self.helped}"
