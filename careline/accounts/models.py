"""Staff and what each is trained for. Visitors have no accounts."""

import datetime as dt

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from careline.accounts.enums import Role
from careline.core import clock


class Staff(AbstractUser):
    """A member of staff. Visitors see the alias, never the sign-in name."""

    alias = models.CharField(
        _("name shown to visitors"),
        max_length=60,
        blank=True,
        help_text=_("A first name or an alias."),
    )
    professional_title = models.CharField(_("professional title"), max_length=120, blank=True)
    keyboard_shortcuts = models.BooleanField(_("single-key shortcuts on the desk"), default=True)

    # Both off until somebody asks for them; neither ever holds a visitor's words.
    notice_sound = models.BooleanField(_("a sound when something is new"), default=False)
    notice_desktop = models.BooleanField(_("notices of the computer"), default=False)

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name that visitors and readers may see."""
        return self.alias or self.first_name or str(_("Specialist"))

    @property
    def own_name(self) -> str:
        """The full name where it is known, for colleagues and under a signature."""
        return self.get_full_name() or self.shown_name

    def has_role(self, role: Role) -> bool:
        """Return whether this person holds the role (a group of that name)."""
        return self.is_active and role.value in self.role_names

    @property
    def role_names(self) -> frozenset[str]:
        """The names of the groups held, read once per object."""
        if not hasattr(self, "_role_names"):
            self._role_names = frozenset(self.groups.values_list("name", flat=True))
        return self._role_names


class CompetencyQuerySet(models.QuerySet["Competency"]):
    """Competencies, asked as questions."""

    def current(self, on: dt.date | None = None) -> "CompetencyQuerySet":
        """Return those that are certified on the day (today in the service's zone)."""
        return self.filter(certified_until__gte=on or clock.today())

    def covering(self, topic: str, language: str) -> "CompetencyQuerySet":
        """Return those for the topic, or for every topic, in the language."""
        return self.filter(topic__in=["", topic], language=language)


class Competency(models.Model):
    """That a member of staff is trained for a topic in a language until a date."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="competencies")
    # A topic's key, not a foreign key: content sits above accounts. Empty means every topic.
    topic = models.SlugField(max_length=80, blank=True)
    language = models.CharField(max_length=12)
    certified_until = models.DateField()

    objects = CompetencyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("competencies")
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "topic", "language"], name="one_competency_per_topic_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.topic or '*'} {self.language}"

    def is_current(self, on: dt.date | None = None) -> bool:
        """Return whether the certification still holds on the day."""
        return self.certified_until >= (on or clock.today())
