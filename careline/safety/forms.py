"""What an editor types to change the danger rules."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from careline.core.fields import TypedField
from careline.safety.enums import ChangeKind
from careline.safety.levels import Level

_LEVELS = [
    (Level.EMERGENCY.value, _("Emergency")),
    (Level.CRISIS.value, _("Crisis")),
    (Level.URGENT.value, _("Urgent")),
    (Level.REPORT.value, _("Report")),
]


class ChangeForm(forms.Form):
    """A phrase or a level for one of the signs, and a message that shows what it is for."""

    kind = forms.ChoiceField(label=_("What changes"), choices=ChangeKind.choices)
    rule = forms.ChoiceField(label=_("Sign"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    phrase = TypedField(
        label=_("Phrase"),
        help_text=_(
            "As people write it. “|” between words means one of them, “..2” up to two other words."
        ),
        rows=1,
        most=400,
        required=False,
    )
    level = forms.ChoiceField(
        label=_("Level"), choices=[("", _("As it is")), *_LEVELS], required=False
    )
    example = TypedField(
        label=_("A message that it has to get right"),
        help_text=_("Not a real person's. It becomes a case that every later version must pass."),
        rows=2,
        most=500,
    )

    def __init__(self, signs: list[tuple[str, str]], data: Any = None) -> None:
        """Offer these signs."""
        super().__init__(data)
        rule = self.fields["rule"]
        assert isinstance(rule, forms.ChoiceField)  # noqa: S101 (tells the type checker)
        rule.choices = signs
