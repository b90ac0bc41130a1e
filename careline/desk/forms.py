"""What specialists fill in. Every question of the record can be refused by the visitor."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from careline.contacts.actions import Record
from careline.contacts.enums import (
    AttemptOutcome,
    CallerType,
    CancerType,
    Channel,
    Disposition,
    EndReason,
    FoundUs,
    Subject,
)
from careline.contacts.models import ContactRecord
from careline.core.fields import TypedField
from careline.core.keys import KeyField


class WordsForm(forms.Form):
    """A message to the visitor. `client_id` makes a second press store nothing."""

    text = TypedField(
        rows=2,
        error_messages={
            "required": _("Write something first."),
            "too_long": _(
                "This is too long to send at once. Please keep it under %(limit)s characters."
            ),
        },
    )
    client_id = KeyField()


class SentenceForm(forms.Form):
    """Which reviewed sentence to send."""

    sentence_id = forms.CharField(max_length=40)
    client_id = KeyField()


_NOT_ASKED = _("Not asked")


def _question(label: Any, choices: Any, nothing: Any = _NOT_ASKED) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", nothing), *choices], required=False)


class RecordForm(forms.Form):
    """The wrap-up: the ICISG minimum and what came of the contact.

    Nothing of it is required: it holds up nobody who wants to end a contact.
    """

    caller_type = _question(_("Who was it?"), CallerType.choices)
    cancer_type = _question(_("Which cancer?"), CancerType.choices)
    subject = _question(_("What was it mainly about?"), Subject.choices)
    found_us = _question(_("How did they find us?"), FoundUs.choices)
    disposition = _question(_("What came of it?"), Disposition.choices, nothing=_("Not recorded"))

    @classmethod
    def showing(cls, record: ContactRecord | None) -> "RecordForm":
        """Return the form with what was recorded before."""
        names = list(cls.base_fields)
        return cls(initial={name: getattr(record, name) for name in names} if record else None)

    def record(self) -> Record:
        """Return the answers of a valid form."""
        return Record(**self.cleaned_data)


class AttemptForm(forms.Form):
    """What came of trying to reach somebody."""

    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[("", _("Please choose")), *AttemptOutcome.choices],
        error_messages={"required": _("Say what came of the attempt.")},
    )
    client_id = KeyField()

    def clean_outcome(self) -> AttemptOutcome:
        """Return the outcome as what it is."""
        return AttemptOutcome(self.cleaned_data["outcome"])


_REASONS = {
    Channel.CHAT: [EndReason.FINISHED, EndReason.LEFT],
    Channel.CALLBACK: [EndReason.DONE, EndReason.UNREACHABLE],
    Channel.MESSAGE: [EndReason.DONE, EndReason.UNREACHABLE],
    Channel.PHONE: [EndReason.FINISHED],
}


class EndForm(forms.Form):
    """Why a contact ends; the reasons are those of its channel."""

    def __init__(self, data: Any = None, *, channel: str) -> None:
        super().__init__(data)
        self.reasons = reasons = _REASONS[Channel(channel)]
        self.fields["reason"] = forms.ChoiceField(
            label=_("Why does it end?"),
            choices=[(reason.value, reason.label) for reason in reasons],
        )

    def chosen(self) -> EndReason:
        """Return the reason given, or the channel's usual one."""
        if self.is_valid():
            return EndReason(self.cleaned_data["reason"])
        return self.reasons[0]
