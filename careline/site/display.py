"""How somebody wants pages to look: colors and size of letters, kept in a cookie of their own."""

from dataclasses import dataclass

from django import forms
from django.db.models import TextChoices
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

COOKIE = "careline_display"


class Theme(TextChoices):
    """The colours."""

    DEVICE = "device", _("As my device is set")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class TypeSize(TextChoices):
    """The size of letters."""

    USUAL = "usual", _("Usual letters")
    LARGE = "large", _("Large letters")


@dataclass(frozen=True)
class Display:
    """What was chosen; the defaults where nothing was, or where the cookie can't be read."""

    theme: Theme = Theme.DEVICE
    type_size: TypeSize = TypeSize.USUAL

    @property
    def cookie(self) -> str:
        """Return the choice as the cookie keeps it."""
        return f"{self.theme.value}.{self.type_size.value}"


def display_of(request: HttpRequest) -> Display:
    """Return how this browser asked pages to look."""
    theme, _dot, size = request.COOKIES.get(COOKIE, "").partition(".")
    if theme in Theme.values and size in TypeSize.values:
        return Display(Theme(theme), TypeSize(size))
    return Display()


class DisplayForm(forms.Form):
    """Both choices, and the page to go back to."""

    theme = forms.ChoiceField(
        label=_("Colors"), choices=Theme.choices, widget=forms.RadioSelect, initial=Theme.DEVICE
    )
    type_size = forms.ChoiceField(
        label=_("Size of letters"),
        choices=TypeSize.choices,
        widget=forms.RadioSelect,
        initial=TypeSize.USUAL,
    )

    def display(self) -> Display:
        """Return the choice; the form has to be valid."""
        return Display(Theme(self.cleaned_data["theme"]), TypeSize(self.cleaned_data["type_size"]))
