"""What readers fill in on the public pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from careline.core.fields import TypedField

LONGEST_NOTE = 4000


class FeedbackForm(forms.Form):
    """Was a page helpful, and what is wrong with it: at least one of them."""

    helpful = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], required=False)
    words = TypedField(
        label=_("What is wrong, or missing?"),
        required=False,
        rows=4,
        most=LONGEST_NOTE,
        error_messages={"too_long": _("This is too long. Please make it shorter.")},
    )
    # Set once a care card was shown: the note is about the page all the same.
    anyway = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse nothing at all."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned["helpful"] and not cleaned["words"]:
            self.add_error("words", _("Please write what is wrong."))
        return cleaned

    @property
    def was_helpful(self) -> bool | None:
        """Return the answer; None when only words were sent."""
        return {"yes": True, "no": False}.get(self.cleaned_data["helpful"])
