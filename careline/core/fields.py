"""Fields for what people type: cleaned before anybody objects to it, never altered in meaning."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from careline.core.text import clean


class CleanText:
    """For a field of text: what nobody can see is left out before the text is judged."""

    def to_python(self, value: Any) -> str:
        """Return the text as `core.text.clean` leaves it."""
        return clean(super().to_python(value) or "")  # type: ignore[misc]


class AddressField(CleanText, forms.EmailField):
    """An email address."""


class TypedField(CleanText, forms.CharField):
    """Words in a person's own way, refused only when they are longer than ``most`` characters.

    Without ``most`` that is what a person may send at once. A form can choose the words of the
    refusal, ``error_messages["too_long"]``, in which ``%(limit)s`` stands for the limit.
    """

    widget = forms.Textarea
    default_error_messages: ClassVar = {"too_long": _("That is too long to send at once.")}

    def __init__(self, *, rows: int, most: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most
        self.widget.attrs["rows"] = rows

    def validate(self, value: Any) -> None:
        """Refuse nothing where something is needed, and more than can be read at once."""
        super().validate(value)
        most = self.most or settings.MAX_TYPED_CHARACTERS
        if len(value) > most:
            params = {"limit": f"{most:,}"}
            raise ValidationError(self.error_messages["too_long"], code="too_long", params=params)
