"""Reports, for supervisors only: a page and the same as CSV."""

import csv

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from careline.accounts.permissions import may_supervise
from careline.core.access import staff
from careline.desk.shell import shell_context
from careline.reports import contacts_per_day
from careline.reports.forms import PeriodForm


@staff(may_supervise)
@require_safe
@never_cache
def contacts(request: HttpRequest) -> HttpResponse:
    """Contacts per day and channel, and what came of them."""
    form = PeriodForm.from_query(request.GET.dict())
    found = {}
    if form.is_valid():
        days = (form.cleaned_data["first"], form.cleaned_data["last"])
        found = {
            "rows": contacts_per_day.rows(*days),
            "within": settings.SERVICE_LEVEL_SECONDS,
            "dispositions": contacts_per_day.dispositions(*days),
        }
    status = 200 if form.is_valid() else 422
    context = shell_context(request, form=form, **found)
    return render(request, "reports/contacts.html", context, status=status)


@staff(may_supervise)
@require_safe
@never_cache
def contacts_csv(request: HttpRequest) -> HttpResponse:
    """The same rows for a spreadsheet."""
    form = PeriodForm.from_query(request.GET.dict())
    if not form.is_valid():
        return contacts(request)
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"contacts-{first.isoformat()}-{last.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(contacts_per_day.CSV_COLUMNS)
    writer.writerows(row.as_csv() for row in contacts_per_day.rows(first, last))
    return response
