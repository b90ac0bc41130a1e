"""What staff fill in about a contact for each other; nothing of it reaches the visitor."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from careline.accounts.models import Staff
from careline.accounts.permissions import may_serve_contacts
from careline.contacts.enums import (
    AttemptOutcome,
    Channel,
    DeskState,
    EventKind,
    TransferReason,
)
from careline.contacts.followups import latest_day
from careline.contacts.models import Contact
from careline.contacts.routing import snapshot
from careline.contacts.routing.decide import Specialist
from careline.contacts.teamwork import Queue
from careline.content.models import Topic
from careline.core import clock
from careline.core.fields import TypedField
from careline.core.keys import KeyField

_PERSON, _QUEUE = "person", "queue"
_NOTE_LENGTH = 2_000


def fresh_key() -> str:
    """Return a fresh id for something that is sent once."""
    return uuid.uuid4().hex


def _words(label: Any, *, required: bool = False, rows: int = 2) -> TypedField:
    return TypedField(label=label, rows=rows, most=_NOTE_LENGTH, required=required)


class TransferForm(forms.Form):
    """Who is to go on with a contact, and why."""

    to = forms.ChoiceField(
        label=_("To whom?"), error_messages={"required": _("Choose who is to go on.")}
    )
    reason = forms.ChoiceField(label=_("Why?"), choices=TransferReason.choices)
    said = _words(_("What should they know? Only staff see it."))

    def __init__(self, data: Any = None, *, contact: Contact) -> None:
        super().__init__(data, auto_id="transfer-%s")
        self.contact = contact
        self.desk = snapshot.desk(clock.now())
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = self._choices()

    def _choices(self) -> list[Any]:
        return [
            ("", _now("Please choose")),
            (_now("Somebody at the desk"), self._people()),
            (_now("Whoever is trained for"), self._queues()),
        ]

    def _people(self) -> list[tuple[str, str]]:
        others = {who.id: who for who in self.desk if who.id != self.contact.assignee_id}
        staff = Staff.objects.filter(pk__in=others).order_by("alias", "pk")
        return [(f"{_PERSON}:{one.pk}", _described(one, others[one.pk])) for one in staff]

    def _queues(self) -> list[tuple[str, str]]:
        at = clock.now().timestamp()
        found = []
        for topic, title in _topics():
            for language, name in settings.LANGUAGES:
                count = sum(
                    who.id != self.contact.assignee_id
                    and who.state != DeskState.AWAY
                    and who.fit(topic, language, at) is not None
                    for who in self.desk
                )
                if count or self.contact.channel != Channel.CHAT:
                    told = ngettext("%(n)d at the desk", "%(n)d at the desk", count) % {"n": count}
                    value = f"{_QUEUE}:{language}:{topic}"
                    found.append((value, f"{title}, {name} ({told})"))
        return found

    def chosen(self) -> Staff | Queue:
        """Return to whom, of a valid form."""
        kind, _colon, rest = self.cleaned_data["to"].partition(":")
        if kind == _PERSON:
            return Staff.objects.get(pk=int(rest))
        language, _colon, topic = rest.partition(":")
        return Queue(topic=topic, language=language)

    def why(self) -> TransferReason:
        """Return the reason of a valid form."""
        return TransferReason(self.cleaned_data["reason"])


def _described(staff: Staff, who: Specialist) -> str:
    chats = ngettext("%(n)d chat", "%(n)d chats", who.load) % {"n": who.load}
    return f"{staff.own_name} ({DeskState(who.state).label}, {chats})"


def _topics() -> list[tuple[str, str]]:
    language = get_language() or settings.LANGUAGE_CODE
    known = Topic.objects.order_by("pack", "order")
    return [("", _now("Any topic")), *((topic.key, topic.title_in(language)) for topic in known)]


class AmongForm(forms.Form):
    """Words among staff: a note, a question to a supervisor, or a whisper."""

    text = _words(_("Among staff"), required=True)
    kind = forms.ChoiceField(
        choices=[(kind, kind) for kind in (EventKind.NOTE, EventKind.CONSULTED, EventKind.WHISPER)],
        initial=EventKind.NOTE,
        required=False,
    )
    client_id = KeyField()

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, auto_id="among-%s", initial=initial)
        self.fields["text"].error_messages["required"] = _now("Write something first.")

    def clean_kind(self) -> str:
        """Return what kind of words these are; a note, where no button said so."""
        return self.cleaned_data["kind"] or EventKind.NOTE.value


class SentPageForm(forms.Form):
    """The id under which a page's address is sent once."""

    client_id = KeyField()


class FollowUpForm(forms.Form):
    """Who gets in touch again, and by which day."""

    due_on = forms.DateField(
        label=_("By which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Say by which day."),
            "invalid": _("Enter a day like 2026-12-01."),
        },
    )
    staff = forms.ModelChoiceField(label=_("Who?"), queryset=Staff.objects.none(), empty_label=None)
    what = _words(_("What was agreed?"))
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, contact: Contact, me: Staff) -> None:
        first = {"due_on": clock.today() + dt.timedelta(days=7), "staff": me.pk}
        super().__init__(data, auto_id="follow-up-%s", initial={**first, "key": uuid.uuid4()})
        self.latest = latest_day(contact)
        roles = snapshot.WITH_DESK
        people = Staff.objects.filter(is_active=True, groups__name__in=roles).distinct()
        self.fields["staff"] = forms.ModelChoiceField(
            label=_("Who?"), queryset=people.order_by("alias", "pk"), empty_label=None
        )
        self.fields["due_on"].widget.attrs |= {
            "min": clock.today().isoformat(),
            "max": self.latest.isoformat(),
        }

    def clean_due_on(self) -> dt.date:
        """Refuse a day that has passed, or by which nobody knows how to reach the person."""
        day: dt.date = self.cleaned_data["due_on"]
        if day < clock.today():
            raise forms.ValidationError(_now("This day has passed. Choose a later one."))
        if day > self.latest:
            words = _now(
                "Choose a day up to %(day)s: after it the way to reach the person is deleted."
            )
            raise forms.ValidationError(words % {"day": date_format(self.latest, "DATE_FORMAT")})
        return day

    def clean_staff(self) -> Staff:
        """Refuse somebody who doesn't work at the desk."""
        person: Staff = self.cleaned_data["staff"]
        if not may_serve_contacts(person):
            raise forms.ValidationError(_now("Choose somebody who works at the desk."))
        return person

    def clean_key(self) -> uuid.UUID:
        """Return the form's key, by which a second press agrees to nothing more."""
        return self.cleaned_data["key"] or uuid.uuid4()


class DoneForm(forms.Form):
    """What came of a follow-up; it may be left out."""

    outcome = forms.ChoiceField(
        choices=[("", _("No call was made")), *AttemptOutcome.choices], required=False
    )

    def chosen(self) -> AttemptOutcome | None:
        """Return the outcome, or None."""
        said = self.cleaned_data.get("outcome") if self.is_valid() else ""
        return AttemptOutcome(said) if said else None
