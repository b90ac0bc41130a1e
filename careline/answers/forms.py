"""The one field of the ask page."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from careline.core.text import clean, too_long


class AskForm(forms.Form):
    """A question in a person's own words."""

    question = forms.CharField(
        label=_("Your question"),
        widget=forms.Textarea(attrs={"rows": 3}),
        strip=True,
        error_messages={"required": _("Type your question first, in your own words.")},
    )

    def clean_question(self) -> str:
        """Return the question without control characters; refuse an empty or endless one."""
        typed = str(self.cleaned_data["question"])
        if too_long(typed):
            raise forms.ValidationError(
                _("Your text is too long. Please keep it under %(most)s characters."),
                code="too_long",
                params={"most": f"{settings.MAX_TYPED_CHARACTERS:,}"},
            )
        question = clean(typed)
        if not question:
            raise forms.ValidationError(
                _("Type your question first, in your own words."), code="required"
            )
        return question
