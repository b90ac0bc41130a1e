"""The one field of the ask page."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from careline.core.text import clean, too_long


class TypedField(forms.CharField):
    """A text that loses its control characters before it is judged, not its sender."""

    def to_python(self, value: Any) -> str | None:
        """Return the cleaned text."""
        return clean(super().to_python(value) or "")


class AskForm(forms.Form):
    """A question in a person's own words."""

    question = TypedField(
        label=_("Your question"),
        widget=forms.Textarea(attrs={"rows": 3}),
        strip=True,
        error_messages={"required": _("Type your question first, in your own words.")},
    )

    def clean_question(self) -> str:
        """Refuse an endless question; what was typed stays in the form."""
        typed = str(self.cleaned_data["question"])
        if too_long(typed):
            raise forms.ValidationError(
                _("Your text is too long. Please keep it under %(most)s characters."),
                code="too_long",
                params={"most": f"{settings.MAX_TYPED_CHARACTERS:,}"},
            )
        return typed
