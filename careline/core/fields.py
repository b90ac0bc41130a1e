"""Fields for what people type: cleaned before anybody objects to it, never altered in meaning."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from careline.core.text import clean, too_long


class CleanText:
    """For a field of text: what nobody can see is left out before the text is judged."""

    def to_python(self, value: Any) -> str:
        """Return the text as `core.text.clean` leaves it."""
        return clean(super().to_python(value) or "")  # type: ignore[misc]


class AddressField(CleanText, forms.EmailField):
    """An email address."""


class TypedField(CleanText, forms.CharField):
    """Words in a person's own way, refused only when they are far too long.

    The words of that refusal, in which ``%(limit)s`` stands for the limit, are the form's to
    choose: ``error_messages["too_long"]``.
    """

    widget = forms.Textarea

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["rows"] = rows

    def validate(self, value: Any) -> None:
        """Refuse nothing where something is needed, and more than can be read at once."""
        super().validate(value)
        if too_long(value):
            params = {"limit": f"{settings.MAX_TYPED_CHARACTERS:,}"}
            raise ValidationError(self.error_messages["too_long"], code="too_long", params=params)
