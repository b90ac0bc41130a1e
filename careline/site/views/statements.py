"""What the service says about itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from careline.core.access import public
from careline.core.ratelimit import Limit


@require_safe
@public(limit=Limit.PAGE)
def about(request: HttpRequest) -> HttpResponse:
    """Say who writes, reviews and signs the information."""
    return render(request, "site/about.html")


@require_safe
@public(limit=Limit.PAGE)
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept, for how long, and what is never kept."""
    return render(request, "site/privacy.html")


@require_safe
@public(limit=Limit.PAGE)
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say which standard is followed and where to report a barrier."""
    return render(request, "site/accessibility.html")


@require_safe
@public(limit=Limit.PAGE)
def reprints(request: HttpRequest) -> HttpResponse:
    """Say how the text may be used elsewhere."""
    return render(request, "site/reprints.html")
