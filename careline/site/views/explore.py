"""Screens for people who would rather look. Nothing of what is chosen here is kept."""

from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from careline.core import clock
from careline.core.access import public
from careline.core.ratelimit import Limit
from careline.site.explore import body, checkpoints, comparison, timeline
from careline.site.explore.forms import VisitsForm
from careline.site.explore.ics import calendar_file as ics
from careline.site.explore.plans import Plan

Found = TypeVar("Found")


@require_safe
@public(limit=Limit.PAGE)
def switches(request: HttpRequest) -> HttpResponse:
    """Show the checkpoint switches, in the state that the address asks for."""
    chosen, switched = request.GET.get("medicine", ""), request.GET.getlist("block")
    scene, told = _or_404(checkpoints.scene(_language(), chosen, switched))
    return render(request, "site/explore/switches.html", {"scene": scene, "origin": told.origin()})


@require_safe
@public(limit=Limit.PAGE)
def body_parts(request: HttpRequest) -> HttpResponse:
    """Show the side effects by the part of the body in which they are felt."""
    shown, told = _or_404(body.body(_language()))
    return render(request, "site/explore/body.html", {"body": shown, "origin": told.origin()})


@require_safe
@public(limit=Limit.PAGE)
def side_by_side(request: HttpRequest) -> HttpResponse:
    """Show the regimens side by side."""
    shown, told = _or_404(comparison.comparison(_language()))
    context = {"comparison": shown, "origin": told.origin()}
    return render(request, "site/explore/comparison.html", context)


@require_safe
@public(limit=Limit.PAGE)
def calendar(request: HttpRequest) -> HttpResponse:
    """Ask which treatment it is."""
    treatments = _treatments()
    context = {"treatments": treatments, "origin": treatments.told.origin()}
    return render(request, "site/explore/calendar.html", context)


@require_safe
@public(limit=Limit.PAGE)
def calendar_of(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for the first day and the pace; show the visits once both are known."""
    treatments, plan = _plan(key)
    form = _form(request, plan)
    shown = timeline.timeline(form, treatments.told) if form.is_valid() else None
    context = {
        "treatments": treatments,
        "plan": plan,
        "form": form,
        "timeline": shown,
        "query": request.GET.urlencode(),
        "about": treatments.about(plan),
        "conflicts": treatments.conflicts(plan, _language()),
    }
    # Last, since every citation above gets its number first.
    context["origin"] = treatments.told.origin()
    return render(request, "site/explore/calendar_of.html", context)


@require_safe
@public(limit=Limit.SEARCH)
def calendar_file(request: HttpRequest, key: str) -> HttpResponse:
    """Give the visits as a calendar file; lead back to the form where it isn't filled."""
    treatments, plan = _plan(key)
    form = _form(request, plan)
    if not form.is_valid():
        asked = request.GET.urlencode()
        return redirect(reverse("explore:calendar_of", args=[key]) + (f"?{asked}" if asked else ""))
    shown = timeline.timeline(form, treatments.told)
    caution = " ".join(sentence.text for sentence in treatments.caution)
    response = HttpResponse(
        ics(key, shown.visits, caution, clock.now()), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="visits.ics"'
    return response


def _language() -> str:
    return get_language() or ""


def _or_404(found: Found | None) -> Found:
    if found is None:
        raise Http404
    return found


def _treatments() -> timeline.Treatments:
    return _or_404(timeline.treatments(_language()))


def _plan(key: str) -> tuple[timeline.Treatments, Plan]:
    treatments = _treatments()
    return treatments, _or_404(treatments.plan(key))


def _form(request: HttpRequest, plan: Plan) -> VisitsForm:
    return VisitsForm(request.GET or None, plan=plan, today=clock.today())
