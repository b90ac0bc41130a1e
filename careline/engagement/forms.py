"""The sign-up form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from careline.core.fields import AddressField

_WRONG = _("Enter an email address like name@example.com.")


class SignUpForm(forms.Form):
    """Only the address; the language is the page's."""

    email = AddressField(
        label=_("Your email address"),
        help_text=_("We use it for our news and for nothing else."),
        max_length=254,
        error_messages={
            "required": _("Enter your email address."),
            "invalid": _WRONG,
            "max_length": _WRONG,
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None) -> None:
        # The server's words are kinder than the browser's, and the same for everybody.
        super().__init__(data, use_required_attribute=False)
