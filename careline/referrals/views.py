"""The public list of programs and services."""

import datetime as dt
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from careline.core import clock
from careline.core.access import public
from careline.core.ratelimit import Limit
from careline.referrals.forms import FilterForm, language_name
from careline.referrals.models import Phone, Service, assured_days
from careline.referrals.words import Said, in_words

PER_PAGE = 25


@dataclass(frozen=True)
class ServiceCard:
    """One service as the page shows it, in the page's language where we have it."""

    service: Service
    name: Said
    organization: Said
    description: Said
    eligibility: Said
    fees: Said
    interpretation: Said
    languages: tuple[str, ...]
    phones: tuple[tuple[Phone, Said], ...]
    days_ago: int


def _card(service: Service, language: str, today: dt.date) -> ServiceCard:
    return ServiceCard(
        service=service,
        name=in_words(service.name, language),
        organization=in_words(service.organization.name, language),
        description=in_words(service.description, language),
        eligibility=in_words(service.eligibility, language),
        fees=in_words(service.fees, language),
        interpretation=in_words(service.interpretation, language),
        languages=tuple(language_name(spoken.code) for spoken in service.languages.all()),
        phones=tuple((phone, in_words(phone.note, language)) for phone in service.phones.all()),
        days_ago=(today - service.assured_on).days,
    )


@require_safe
@public(limit=Limit.SEARCH)
def programs(request: HttpRequest) -> HttpResponse:
    """Show the services that are fresh enough, filtered by need and language."""
    language, today = get_language() or "", clock.today()
    form = FilterForm(request.GET or None, page_language=language, on=today)
    page = Paginator(form.services(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "cards": [_card(service, language, today) for service in page],
        "filtered": form.is_valid() and any(form.cleaned_data.values()),
        "demonstration_services": any(service.demonstration for service in page),
        "assured_days": assured_days(),
    }
    return render(request, "referrals/programs.html", context)
