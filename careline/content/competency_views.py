"""Where supervisors say who is trained for which topic, in which language, until when."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from careline.accounts.actions import grant_competency, revoke_competency
from careline.accounts.errors import CertificationRefused
from careline.accounts.models import Competency
from careline.accounts.permissions import may_certify
from careline.content.forms import CompetencyForm
from careline.content.models import Topic
from careline.core import clock
from careline.core.access import staff


@staff(may_certify)
@require_http_methods(["GET", "HEAD", "POST"])
def competencies(request: HttpRequest) -> HttpResponse:
    """List every competency; give one or move its date."""
    form = CompetencyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            grant_competency(
                form.cleaned_data["staff"],
                form.training(),
                acting_user=request.user,  # type: ignore[arg-type]
            )
        except CertificationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The competency is stored."))
            return redirect("competencies")
    return render(
        request,
        "content/review/competencies.html",
        {"form": form, "rows": _rows(), "today": clock.today()},
        status=422 if form.errors else 200,
    )


def _rows() -> list[tuple[Competency, str]]:
    titles = {topic.pk: str(topic) for topic in Topic.objects.all()}
    found = Competency.objects.select_related("staff").order_by("staff__username", "language")
    return [(each, titles.get(each.topic, each.topic) or _("Every topic")) for each in found]


@staff(may_certify)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one competency away."""
    competency = get_object_or_404(Competency, pk=pk)
    try:
        revoke_competency(competency, acting_user=request.user)  # type: ignore[arg-type]
    except CertificationRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("competencies")
