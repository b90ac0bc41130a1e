"""Changes to the danger rules: proposed by an editor, signed by a medical reviewer."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from careline.content.models import SafetyRuleSet
from careline.safety.enums import ChangeKind, ChangeState


class RuleChangeQuerySet(models.QuerySet["RuleChange"]):
    """Changes, asked as questions."""

    def waiting(self) -> "RuleChangeQuerySet":
        """Return those that no reviewer has decided on, oldest first."""
        return self.filter(state=ChangeState.WAITING)

    def signed(self) -> "RuleChangeQuerySet":
        """Return those that became part of a version."""
        return self.filter(state=ChangeState.SIGNED)

    def standing(self) -> "RuleChangeQuerySet":
        """Return the signed ones whose version wasn't withdrawn, in the order of signing."""
        rows = self.signed().filter(rule_set__approval__withdrawn_at=None)
        return rows.order_by("decided_at", "pk")


class RuleChange(models.Model):
    """One change; nothing of it counts before `state` is SIGNED.

    `example` is a message and the level that it must get from then on: a case that every
    later version has to pass.
    """

    kind = models.CharField(_("what changes"), max_length=10, choices=ChangeKind)
    state = models.CharField(max_length=10, choices=ChangeState, default=ChangeState.WAITING)
    rule = models.CharField(_("sign"), max_length=80)
    language = models.CharField(_("language"), max_length=12)
    phrase = models.CharField(_("phrase"), max_length=400, blank=True)
    level = models.CharField(_("level"), max_length=12, blank=True)
    example = models.CharField(_("message"), max_length=500)
    example_level = models.CharField(max_length=12)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    rule_set = models.ForeignKey(
        SafetyRuleSet, null=True, blank=True, on_delete=models.PROTECT, related_name="changes"
    )

    objects = RuleChangeQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("change of the danger rules")
        verbose_name_plural = _("changes of the danger rules")

    def __str__(self) -> str:
        return f"{self.kind} {self.rule}"
