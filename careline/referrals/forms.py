"""The filter of the public list."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from careline.referrals.models import NeedTerm, Service, ServiceLanguage, ServiceQuerySet
from careline.referrals.words import in_words

_GONE = _("That choice isn't in the list any more. Here is everything we have.")


def language_name(code: str) -> str:
    """Return a language's own name, or its code where nobody taught us the name."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code


class FilterForm(forms.Form):
    """Need and language, each from what is shown on the day, so no choice is a dead end alone."""

    need = forms.ChoiceField(
        label=_("What do you need?"), required=False, error_messages={"invalid_choice": _GONE}
    )
    language = forms.ChoiceField(
        label=_("In which language?"), required=False, error_messages={"invalid_choice": _GONE}
    )

    def __init__(self, data: Any, *, page_language: str, on: dt.date) -> None:
        super().__init__(data, use_required_attribute=False)
        self._shown = Service.objects.shown(on)
        self.fields["need"].choices = [("", _("Any need")), *self._needs(page_language)]  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", _("Any language")), *self._languages()]  # type: ignore[attr-defined]

    def _needs(self, page_language: str) -> list[tuple[str, str]]:
        terms = NeedTerm.objects.filter(services__in=self._shown).distinct()
        return [(term.key, in_words(term.label, page_language).text) for term in terms]

    def _languages(self) -> list[tuple[str, str]]:
        spoken = ServiceLanguage.objects.filter(service__in=self._shown).order_by("code")
        codes = spoken.values_list("code", flat=True).distinct()
        return [(code, language_name(code)) for code in codes]

    def services(self) -> ServiceQuerySet:
        """Return the shown services that fit; all of them where a choice can't be read."""
        found = self._shown.with_details()
        if not self.is_valid():
            return found
        if need := self.cleaned_data["need"]:
            found = found.meeting(need)
        if language := self.cleaned_data["language"]:
            found = found.in_language(language)
        return found
