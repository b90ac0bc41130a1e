"""The code that a visitor saved, and what they thought of the help."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from careline.contacts.enums import Helped
from careline.contacts.visitor_actions import Opinion
from careline.core.fields import AddressField, CleanText
from careline.core.keys import KeyField

_LONGEST = 100


class CodeField(CleanText, forms.CharField):
    """A code, in groups or not, in small letters or capitals."""


class CodeForm(forms.Form):
    """The way back from another device."""

    code = CodeField(
        label=_("Your code"),
        help_text=_("Four groups of four letters and digits, like 7K2M-94QX-0VTA-HD5C."),
        max_length=_LONGEST,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Enter the code that you saved."),
            "max_length": _("That is longer than a code. Enter the four groups only."),
        },
    )

    def opens_nothing(self) -> None:
        """Say at the field that there is no such code."""
        words = _(
            "This code opens nothing. Check each letter. A newer code replaces an older one, "
            "and a code ends when the conversation is deleted."
        )
        self.add_error("code", ValidationError(words, code="unknown"))


class MailForm(forms.Form):
    """Where to send the conversation, once."""

    email = AddressField(
        label=_("Email address"),
        help_text=_("We send it there once and don't keep the address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Enter the address to which we should send it."),
            "invalid": _("Enter an email address like name@example.com."),
        },
    )

    def was_refused(self, why: str) -> None:
        """Say why nothing was sent."""
        words = {
            "often": _("We have sent it as often as we do. You can save it as a file."),
            "failed": _("We could not send it just now. Try again later, or save it as a file."),
        }
        self.add_error("email", ValidationError(words[why], code=why))


class AttachForm(forms.Form):
    """A file of a conversation; what it is and how large is looked at in what it holds."""

    file = forms.FileField(
        label=_("Send a file"),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty. Please choose another one."),
        },
    )
    client_id = KeyField()

    def first_problem(self) -> str:
        """Return what is wrong, in one sentence."""
        return str(next(iter(self.errors.values()))[0])


def _question(label: Any, *, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=Helped.choices,
        required=required,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer, or skip these questions.")},
    )


class SurveyForm(forms.Form):
    """Three questions, the last two optional; no words, so nothing personal can come along."""

    helped = _question(_("Did we help you?"), required=True)
    understood = _question(_("Was it easy to understand?"))
    again = _question(_("Would you come to us again?"))

    def opinion(self) -> Opinion:
        """Return the answers."""
        given = self.cleaned_data
        return Opinion(Helped(given["helped"]), given["understood"], given["again"])
