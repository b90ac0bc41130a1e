"""The one field of the ask page, and the question before it, which the page carries along."""

from django import forms
from django.utils.translation import gettext_lazy as _

from careline.core.fields import TypedField


class AskForm(forms.Form):
    """A question in a person's own words."""

    question = TypedField(
        label=_("Your question"),
        rows=3,
        error_messages={
            "required": _("Type your question first, in your own words."),
            "too_long": _("Your text is too long. Please keep it under %(limit)s characters."),
        },
    )
    before = TypedField(required=False, rows=1)
