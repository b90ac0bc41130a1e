"""The address without a language, and what machines ask for."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override
from django.views.decorators.http import require_safe

from careline.core.access import public
from careline.core.addresses import public_base
from careline.core.ratelimit import Limit
from careline.site.sitemap import located

# Private conversations and staff screens are nobody's search result.
_ROBOTS = """User-agent: *
Disallow: /desk/
Disallow: /editor/
Disallow: /staff/
Disallow: /reports/
Disallow: /leave/
Disallow: /language/
"""


@require_safe
@public(limit=Limit.PAGE)
def choose_language(request: HttpRequest) -> HttpResponse:
    """Lead to the home page in the language of the cookie, else of the browser."""
    with override(get_language_from_request(request)):
        response = redirect("site:home")
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


@require_safe
@public(limit=Limit.PAGE)
def robots(request: HttpRequest) -> HttpResponse:
    """Say what a search engine may read (RFC 9309)."""
    text = f"{_ROBOTS}\nSitemap: {public_base(request)}{reverse('site_root:sitemap')}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
@public(limit=Limit.PAGE)
def sitemap(request: HttpRequest) -> HttpResponse:
    """List every public page with its languages (sitemaps.org, protocol 0.9)."""
    context = {"base": public_base(request), "pages": located()}
    return render(request, "site/sitemap.xml", context, content_type="application/xml")


@require_safe
@public(limit=Limit.PAGE)
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead browsers that guess at an icon to the one that we have."""
    return HttpResponsePermanentRedirect(static("img/favicon.svg"))


@require_safe
@public(limit=Limit.PAGE)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Give the script that keeps pages for offline reading; it governs what lies below its path."""
    response = HttpResponse(_worker_script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _worker_script() -> str:
    return (settings.BASE_DIR / "careline/static/js/service-worker.js").read_text(encoding="utf-8")
