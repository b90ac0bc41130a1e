"""The opening hours, for supervisors: the week, one-offs, closing at once and opening again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from careline.accounts.permissions import may_supervise
from careline.contacts import opening_actions
from careline.contacts.enums import OneOffKind
from careline.core.access import staff
from careline.desk import hours_page
from careline.desk.hours_forms import CloseForm, OneOffForm, WeekForm
from careline.desk.shell import shell_context, staff_of


@staff(may_supervise)
@require_safe
@never_cache
def hours(request: HttpRequest) -> HttpResponse:
    """The whole screen; ``?open=`` a day fills in the form that opens chat on it."""
    day = request.GET.get("open", "")
    return _page(request, one_off=hours_page.opening_on(day) if day else None)


def _page(request: HttpRequest, status: int = 200, **forms: Any) -> HttpResponse:
    wrong = next((form for form in forms.values() if form is not None and form.errors), None)
    context = shell_context(request, form=wrong, **hours_page.context(**forms))
    return render(request, "desk/hours.html", context, status=status)


@staff(may_supervise)
@require_POST
def close(request: HttpRequest) -> HttpResponseBase:
    """Let no new chat begin from now on."""
    form = CloseForm(request.POST, auto_id="id_close_%s")
    if not form.is_valid():
        return _page(request, 422, close=form)
    opening_actions.close_now(acting_user=staff_of(request), reasons=form.reasons())
    messages.success(request, _("Chat is closed for everybody. Conversations go on."))
    return _back(request)


@staff(may_supervise)
@require_POST
def open_again(request: HttpRequest) -> HttpResponseBase:
    """Let the hours hold again."""
    opening_actions.open_again(acting_user=staff_of(request))
    messages.success(request, _("The opening hours hold again."))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponseBase:
    """Return to the screen from which somebody closed or opened."""
    back = request.POST.get("back", "")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if back and ours else "desk:hours")


@staff(may_supervise)
@require_POST
def week(request: HttpRequest) -> HttpResponseBase:
    """Keep the hours of the week, or go back to those of the settings."""
    if "settings" in request.POST:
        opening_actions.use_settings(acting_user=staff_of(request))
        messages.success(request, _("The hours of the settings hold again."))
        return redirect("desk:hours")
    form = WeekForm(request.POST, auto_id="id_week_%s")
    if not form.is_valid():
        return _page(request, 422, week=form)
    opening_actions.set_week(acting_user=staff_of(request), week=form.week())
    messages.success(request, _("The hours of the week are kept."))
    return redirect("desk:hours")


@staff(may_supervise)
@require_POST
def one_off(request: HttpRequest) -> HttpResponseBase:
    """Add a one-off closing or opening."""
    form = OneOffForm(request.POST)
    if not form.is_valid():
        return _page(request, 422, one_off=form)
    opening_actions.add_one_off(
        acting_user=staff_of(request),
        kind=OneOffKind(form.cleaned_data["kind"]),
        starts_at=form.starts_at,
        ends_at=form.ends_at,
        reasons=form.reasons(),
    )
    messages.success(request, _("It is kept, and holds from its time on."))
    return redirect("desk:hours")


@staff(may_supervise)
@require_POST
def remove_one_off(request: HttpRequest, one_off_id: int) -> HttpResponseBase:
    """Take a one-off back."""
    opening_actions.remove_one_off(acting_user=staff_of(request), one_off_id=one_off_id)
    messages.success(request, _("It is taken back."))
    return redirect("desk:hours")
