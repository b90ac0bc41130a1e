"""The languages that a page can be switched to."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language


@dataclass(frozen=True)
class Language:
    """One language as the switch shows it; `url` leads to this page in it."""

    code: str
    name: str
    url: str
    current: bool


def of(request: HttpRequest) -> list[Language]:
    """Return every language of the service in the order of the settings."""
    return [
        Language(code, name, _switch(code, request), code == get_language())
        for code, name in settings.LANGUAGES
    ]


def _switch(code: str, request: HttpRequest) -> str:
    return (
        reverse("site_root:language", args=[code])
        + "?"
        + urlencode({"to": request.get_full_path()})
    )
