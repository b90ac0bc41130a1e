"""Signing up for news by email: asked on a page, confirmed from the mailbox."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from careline.core.access import public
from careline.core.ratelimit import Limit
from careline.engagement import actions, tokens
from careline.engagement.forms import SignUpForm
from careline.engagement.models import CONFIRM_WITHIN, kept_for

_GONE = 410


@require_safe
@public(limit=Limit.PAGE)
def news(request: HttpRequest) -> HttpResponse:
    """Show the form."""
    return _news_page(request, SignUpForm())


@require_http_methods(["GET", "HEAD", "POST"])
@public(limit=Limit.SIGN_UP)
def sign_up(request: HttpRequest) -> HttpResponse:
    """Take an address. The reply is the same whether we knew it or not."""
    if request.method != "POST":
        return redirect("engagement:news")
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return _news_page(request, form)
    actions.sign_up(form.cleaned_data["email"], get_language() or "", acting_user=None)
    return redirect("engagement:sent")


@require_safe
@public(limit=Limit.PAGE)
def sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way."""
    return render(request, "engagement/sent.html", {"days": CONFIRM_WITHIN.days})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public(limit=Limit.SIGN_UP)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more on GET, for mail programs follow links by themselves; consent on POST."""
    try:
        if request.method == "POST":
            actions.confirm(token, acting_user=None)
            return redirect("engagement:confirmed")
    except tokens.LinkRefused:
        return render(request, "engagement/link_refused.html", status=_GONE)
    if not actions.is_waiting(token):
        return render(request, "engagement/link_refused.html", status=_GONE)
    return render(request, "engagement/confirm.html")


@require_safe
@public(limit=Limit.PAGE)
def confirmed(request: HttpRequest) -> HttpResponse:
    """Say that it is done."""
    return render(request, "engagement/confirmed.html")


# The signed token is the authority here, and mail programs post without a cookie (RFC 8058).
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public(limit=Limit.SIGN_UP)
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET, delete the address on POST."""
    try:
        tokens.read_leave_token(token)
        if request.method == "POST":
            actions.leave(token, acting_user=None)
            return redirect("engagement:left")
    except tokens.LinkRefused:
        return render(request, "engagement/link_refused.html", status=_GONE)
    return render(request, "engagement/leave.html")


@require_safe
@public(limit=Limit.PAGE)
def left(request: HttpRequest) -> HttpResponse:
    """Say that the address is deleted."""
    return render(request, "engagement/left.html")


def _news_page(request: HttpRequest, form: SignUpForm) -> HttpResponse:
    context = {"form": form, "kept_days": kept_for().days}
    return render(request, "engagement/news.html", context)
