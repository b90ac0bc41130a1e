"""Choose colors and the size of letters."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from careline.core.access import public
from careline.core.ratelimit import Limit
from careline.site.display import COOKIE, DisplayForm, display_of
from careline.site.views.readers_choices import is_ours, remember


@require_http_methods(["GET", "HEAD", "POST"])
@public(limit=Limit.SEARCH)
def display(request: HttpRequest) -> HttpResponse:
    """Show the choices; keep them in a cookie and lead back to the page named by `from`."""
    asked = request.POST.get("from") or request.GET.get("from") or ""
    back = asked if is_ours(asked) else ""
    chosen = display_of(request)
    form = DisplayForm(
        request.POST if request.method == "POST" else None,
        initial={"theme": chosen.theme, "type_size": chosen.type_size},
        use_required_attribute=False,
    )
    if request.method != "POST" or not form.is_valid():
        return render(request, "site/display.html", {"form": form, "back": back})
    response = redirect(back or reverse("site:display"))
    remember(request, response, COOKIE, form.display().cookie)
    return response
