"""The editors' and reviewers' screen of the danger rules: what is in force, changes, versions."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careline.accounts.permissions import may_approve_content, may_edit_content
from careline.content.errors import PublishingRefused
from careline.content.models import SafetyRuleSet
from careline.content.telling import telling
from careline.core.access import staff
from careline.safety import actions, editing
from careline.safety.cases import check_cases
from careline.safety.engine.compile import compile_rules
from careline.safety.forms import ChangeForm
from careline.safety.models import RuleChange

_DECIDED_SHOWN = 50


@staff(may_edit_content)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """What is in force, what waits, and every version."""
    return _screen(request, ChangeForm(_signs()))


@staff(may_edit_content)
@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Lay a change before the medical reviewers."""
    form = ChangeForm(_signs(), request.POST)
    if not form.is_valid():
        return _screen(request, form)
    try:
        actions.propose_change(
            acting_user=request.user,  # type: ignore[arg-type]
            **form.cleaned_data,
        )
    except PublishingRefused as refusal:
        form.add_error(None, str(refusal))
        return _screen(request, form)
    messages.success(request, _("Sent for review."))
    return redirect("danger_rules")


@staff(may_edit_content)
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Run the cases and sign the change."""
    change = get_object_or_404(RuleChange, pk=pk)
    try:
        stored = actions.sign_change(change, acting_user=request.user)  # type: ignore[arg-type]
    except PublishingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Signed. Version %s is in force.") % stored.version)
    return redirect("danger_rules")


@staff(may_edit_content)
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the change away."""
    change = get_object_or_404(RuleChange, pk=pk)
    with telling(request):
        actions.discard_change(change, acting_user=request.user)  # type: ignore[arg-type]
    return redirect("danger_rules")


@staff(may_edit_content)
@require_POST
def sign_whole(request: HttpRequest) -> HttpResponse:
    """Sign all that is in force."""
    with telling(request, _("Signed. The cards no longer say that nobody has.")):
        actions.sign_rules(acting_user=request.user)  # type: ignore[arg-type]
    return redirect("danger_rules")


@staff(may_edit_content)
@require_POST
def run_cases(request: HttpRequest) -> HttpResponse:
    """Judge every case by the rules in force and say which come out otherwise."""
    data, _cards = editing.rules_now()
    checked = editing.cases()
    misses = check_cases(compile_rules(data), checked)
    return _screen(request, ChangeForm(_signs()), checked=len(checked), misses=misses)


def _screen(request: HttpRequest, form: ChangeForm, **more: Any) -> HttpResponse:
    me: Any = request.user
    in_force = SafetyRuleSet.objects.in_force()
    changes = RuleChange.objects.select_related("author", "decided_by", "rule_set")
    context = {
        "form": form,
        "in_force": in_force,
        "unsigned": bool(in_force is None or in_force.rules.get("demonstration", True)),
        "waiting": [(each, actions.why_not_sign(me, each)) for each in changes.waiting()],
        "decided": changes.exclude(decided_at=None).order_by("-decided_at")[:_DECIDED_SHOWN],
        "versions": SafetyRuleSet.objects.select_related("approval").defer("rules", "cards")[::-1],
        "may_review": may_approve_content(me),
        **more,
    }
    status = 422 if form.is_bound else 200
    return render(request, "safety/editor/rules.html", context, status=status)


def _signs() -> list[tuple[str, str]]:
    """The signs that have a level, by key, with their names in the reader's language."""
    data, _cards = editing.rules_now()
    language = get_language() or settings.LANGUAGE_CODE
    return [
        (each["key"], f"{each['label'].get(language) or each['label'].get('en')} ({each['level']})")
        for each in data["rules"]
        if each["level"] != "none" and "label" in each
    ]
