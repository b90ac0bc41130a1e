"""What a reader chose for every page (colors, language), and the way back to where they were."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

_A_YEAR = 365 * 24 * 3600


def remember(request: HttpRequest, response: HttpResponse, cookie: str, choice: str) -> None:
    """Keep the choice in this browser for a year."""
    response.set_cookie(
        cookie,
        choice,
        max_age=_A_YEAR,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )


def is_ours(address: str) -> bool:
    """Return whether the address is a path of ours, to which it is safe to lead."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, None)
