"""The words of a change to the danger rules."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ChangeKind(TextChoices):
    """What a change does to the rules."""

    PHRASE = "phrase", _("Another phrase for a sign")
    LEVEL = "level", _("Another level for a sign")


class ChangeState(TextChoices):
    """Where a change stands."""

    WAITING = "waiting", _("Waits for a medical reviewer")
    SIGNED = "signed", _("Signed")
    DISCARDED = "discarded", _("Put away")
