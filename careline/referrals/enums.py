"""What a service and its phone numbers may be (HSDS 3 names, the few we use)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ServiceStatus(TextChoices):
    """HSDS service.status. A service that left its file is kept, for old referrals."""

    ACTIVE = "active", _("Active")
    INACTIVE = "inactive", _("Inactive")


class PhoneKind(TextChoices):
    """HSDS phone.type."""

    VOICE = "voice", pgettext_lazy("phone", "Call")
    TEXT = "text", pgettext_lazy("phone", "Text")
    TEXTPHONE = "textphone", pgettext_lazy("phone", "TTY")
