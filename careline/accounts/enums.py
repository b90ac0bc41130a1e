"""What a member of staff may be."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """A role is a group of that name; one person can hold several."""

    SPECIALIST = "specialist", _("Specialist")
    SUPERVISOR = "supervisor", _("Supervisor")
    EDITOR = "editor", _("Editor")
    MEDICAL_REVIEWER = "medical_reviewer", _("Medical reviewer")
