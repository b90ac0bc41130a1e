"""Choose colors and the size of letters."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from careline.core.access import public
from careline.core.ratelimit import Limit
from careline.site.display import COOKIE, DisplayForm, display_of

_A_YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
@public(limit=Limit.SEARCH)
def display(request: HttpRequest) -> HttpResponse:
    """Show the choices; keep them in a cookie and lead back to the page named by `from`."""
    back = _back(request.POST.get("from") or request.GET.get("from") or "")
    chosen = display_of(request)
    form = DisplayForm(
        request.POST if request.method == "POST" else None,
        initial={"theme": chosen.theme, "type_size": chosen.type_size},
        use_required_attribute=False,
    )
    if request.method != "POST" or not form.is_valid():
        return render(request, "site/display.html", {"form": form, "back": back})
    response = redirect(back or reverse("site:display"))
    response.set_cookie(
        COOKIE,
        form.display().cookie,
        max_age=_A_YEAR,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )
    return response


def _back(address: str) -> str:
    """Return the address if it is a path of ours, else nothing."""
    ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, None)
    return address if ours else ""
