"""What visitors fill in. Everything but the way back to them may be left out."""

import uuid
from typing import Any, ClassVar

import phonenumbers
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from careline.contacts import call_times, call_words, callbacks
from careline.contacts.actions import Details
from careline.contacts.call_times import CallTime
from careline.contacts.enums import CallbackWindow
from careline.contacts.shared_reading import Shared, shared_in
from careline.content.models import Topic
from careline.core.fields import AddressField, CleanText, TypedField
from careline.core.keys import KeyField

_NAME_LENGTH = 80


class NameField(CleanText, forms.CharField):
    """A name on one line."""

    def to_python(self, value: Any) -> str:
        """Return the name with single spaces."""
        return " ".join(super().to_python(value).split())


class WordsField(TypedField):
    """What a visitor writes to a specialist."""

    default_error_messages: ClassVar = {
        "too_long": _("This is more than we can take in one message. Please send it in parts.")
    }


class PhoneField(CleanText, forms.CharField):
    """A phone number as people write it; becomes E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})

    def clean(self, value: Any) -> str:
        """Return the number in E.164, or say what a number looks like."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, settings.CHAT_HOLIDAYS_COUNTRY or "US")
        except phonenumbers.NumberParseException:
            raise _no_number() from None
        if not phonenumbers.is_valid_number(number):
            raise _no_number()
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _no_number() -> ValidationError:
    words = _("Enter a phone number with its area code, like 312 555 0100.")
    return ValidationError(words, code="phone")


class VisitorForm(forms.Form):
    """What all three ways share: an idempotency key."""

    start_id = KeyField()

    def clean_start_id(self) -> str:
        """Return the form's key; a missing or strange one is replaced, never refused."""
        try:
            return str(uuid.UUID(self.cleaned_data.get("start_id") or ""))
        except ValueError:
            return str(uuid.uuid4())


def _name_field() -> NameField:
    return NameField(
        label=_("What may we call you?"),
        help_text=_("A first name or any other name. You don't have to tell us who you are."),
        required=False,
        max_length=_NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("Please give a shorter name, up to 80 characters.")},
    )


class TopicField(forms.ChoiceField):
    """A topic of the reviewed information, or none."""

    def __init__(self) -> None:
        super().__init__(
            label=_("What is it about?"), required=False, choices=_topics, widget=forms.Select
        )

    def validate(self, value: Any) -> None:
        """Accept anything: a topic that has gone meanwhile is no reason to refuse a person."""

    def clean(self, value: Any) -> str:
        """Return the topic's key, empty for one that isn't there."""
        chosen = super().clean(value)
        return chosen if chosen in {key for key, _title in _topics()} else ""


def _topics() -> list[tuple[str, str]]:
    language = get_language() or settings.LANGUAGE_CODE
    known = [
        (topic.key, topic.title_in(language)) for topic in Topic.objects.order_by("pack", "order")
    ]
    return [("", str(_("I'm not sure, or something else"))), *known]


def new_start_id() -> str:
    """Return a fresh idempotency key for a form."""
    return str(uuid.uuid4())


class ChatForm(VisitorForm):
    """Before a chat: only what helps to greet and to route; all of it can be left out."""

    text = WordsField(
        label=_("How can we help?"),
        help_text=_("Write as you would say it. You can also just start and tell us then."),
        required=False,
        rows=5,
    )
    name = _name_field()
    topic = TopicField()
    shared_reading = forms.BooleanField(required=False)
    shared = forms.CharField(required=False, strip=False)

    def what_is_shared(self) -> Shared | None:
        """Return what the specialist may see of what was read and asked: nothing unless ticked."""
        wanted = self.cleaned_data["shared_reading"]
        return shared_in(self.cleaned_data["shared"]) if wanted else None


class CallTimeChoice(forms.RadioSelect):
    """The windows by day; each says its moments, so that a script can add the visitor's hours."""

    template_name = "contacts/call_choice.html"

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        """Return one option."""
        option = super().create_option(name, value, *args, **options)
        time = callbacks.chosen(str(value))
        if time is not None:
            option["attrs"]["data-from"] = time.starts.astimezone(
                callbacks.service_zone()
            ).isoformat()
            option["attrs"]["data-until"] = time.ends.isoformat()
        return option


def _zone_told() -> str:
    zone = {"zone": gettext(settings.SERVICE_TIME_ZONE_LABEL)}
    return gettext("All times are %(zone)s time.") % zone


class CallTimeField(forms.ChoiceField):
    """A window in which calls are made, that has not passed when the form arrives."""

    widget = CallTimeChoice

    def __init__(self) -> None:
        super().__init__(
            label=_("When shall we call?"),
            help_text=lazy(_zone_told, str)(),
            choices=_call_choices,
            initial=CallbackWindow.ANY,
            error_messages={"required": _("Choose a time for our call.")},
        )

    def clean(self, value: Any) -> CallTime | None:
        """Return the window; None only where the service can't say yet when it calls."""
        key = self.to_python(value)
        if not key:
            raise ValidationError(self.error_messages["required"], code="required")
        time = callbacks.chosen(key)
        if time is None and key != CallbackWindow.ANY:
            words = _("We can't call at that time any more. Please choose another one.")
            raise ValidationError(words, code="passed")
        return time


def _call_choices() -> list[tuple[str, Any]]:
    soon: Any = _("As soon as you can")
    days: dict[str, list[tuple[str, str]]] = {}
    for time in callbacks.times():
        if time.is_any:
            soon = call_words.choice(time)
        else:
            day = days.setdefault(call_words.day_named(time.day), [])
            day.append((time.key, call_words.choice(time)))
    return [(str(CallbackWindow.ANY), soon), *days.items()]


class ZoneField(forms.CharField):
    """The name of the visitor's time zone, as their browser says it; anything else is left out."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput(attrs={"data-zone": ""}))

    def clean(self, value: Any) -> str:
        """Return the name of a zone that we know, or an empty text."""
        return call_times.known_zone(str(value or "")[:64])


class CallTimeForm(forms.Form):
    """When and where to call: also for changing it later."""

    phone = PhoneField(
        label=_("Phone number"),
        help_text=_("With the area code. We use it for this call only."),
        max_length=40,
        error_messages={
            "required": _("Enter the phone number that we should call."),
            "max_length": _("Enter a phone number with its area code, like 312 555 0100."),
        },
    )
    window = CallTimeField()
    zone = ZoneField()
    voicemail_ok = forms.ChoiceField(
        label=_("If you don't answer, is it safe to leave a voicemail?"),
        help_text=_("If others may hear it, choose No. Then we say nothing and try again."),
        choices=[("no", _("No, leave no message")), ("yes", _("Yes, you can leave a message"))],
        initial="no",
        required=False,
        widget=forms.RadioSelect,
    )

    def details(self) -> Details:
        """Return how to reach the person."""
        data = self.cleaned_data
        time: CallTime | None = data["window"]
        return Details(
            name=data.get("name", ""),
            phone=data["phone"],
            window=time.part if time else CallbackWindow.ANY,
            voicemail_ok=data["voicemail_ok"] == "yes",
        )

    def more(self) -> dict[str, Any]:
        """Return what the action needs besides: the window, and the visitor's own zone."""
        return {"time": self.cleaned_data["window"], "zone": self.cleaned_data["zone"]}


class CallbackForm(VisitorForm, CallTimeForm):
    """A request to be called back."""

    name = _name_field()
    topic = TopicField()
    text = WordsField(
        label=_("Is there anything we should know before we call?"), required=False, rows=4
    )


class MessageForm(VisitorForm):
    """A message to the specialists."""

    text = WordsField(
        label=_("Your message"),
        rows=7,
        error_messages={"required": _("Write your message first.")},
    )
    email = AddressField(
        label=_("Email address"),
        help_text=_("For our answer. Without it we read your message but can't answer it."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Enter an email address like name@example.com.")},
    )
    name = _name_field()
    topic = TopicField()

    def details(self) -> Details:
        """Return how to reach the person."""
        return Details(name=self.cleaned_data["name"], email=self.cleaned_data["email"])

    def more(self) -> dict[str, Any]:
        """Return what the action needs besides."""
        return {}


class SendForm(forms.Form):
    """One message of a chat, sent by a page without JavaScript."""

    text = WordsField(
        label=_("Your message"), rows=3, error_messages={"required": _("Write something first.")}
    )
    client_id = KeyField()
