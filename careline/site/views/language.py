"""Change the language and stay on the same page."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse, translate_url
from django.utils.translation import get_language_from_path, override
from django.views.decorators.http import require_safe
from wagtail.models import Page

from careline.core.access import public
from careline.core.ratelimit import Limit
from careline.site.views.readers_choices import is_ours, remember


@require_safe
@public(limit=Limit.PAGE)
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the language and lead to the page named by `to`, or else to the home page."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    response = HttpResponseRedirect(_in_language(request, request.GET.get("to", ""), code))
    remember(request, response, settings.LANGUAGE_COOKIE_NAME, code)
    return response


def _in_language(request: HttpRequest, address: str, code: str) -> str:
    """Return the same page's address in the language, or else the home page's."""
    home = _home(code)
    if not is_ours(address):
        return home
    path = urlsplit(address).path
    # A path is only understood in its own language.
    with override(get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            match = resolve(path)
        except Resolver404:
            return home
        if match.url_name == "wagtail_serve":
            return _translated_page(request, path, code) or home
        translated = translate_url(address, code)
    return translated if translated.startswith(home) else home


def _home(code: str) -> str:
    with override(code):
        return reverse("site:home")


def _translated_page(request: HttpRequest, path: str, code: str) -> str | None:
    # The part after the language is the page's path below its language's root.
    route = Page.route_for_request(request, path.split("/", 2)[2])
    if route is None:
        return None
    translation = route.page.get_translations().live().filter(locale__language_code=code).first()
    return translation.get_url(request) if translation else None
