"""Facts: sources, topics, drugs, regimens, adverse events, conflicts between sources.

A fact's key is its primary key: packs, page bodies and answers name it, and it
means the same in every database. Words are maps from language to text.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from careline.content.enums import (
    BodyPart,
    ConflictStatus,
    DrugKind,
    EventLevel,
    Line,
    Route,
    SourceKind,
    Tier,
)
from careline.content.words import in_language, text_in


class KeyedFact(models.Model):
    """What all facts share: a key, the pack that brought it, its place in that pack."""

    key = models.SlugField(_("key"), max_length=80, primary_key=True)
    pack = models.SlugField(_("pack"), max_length=80, blank=True, editable=False)
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ["order", "key"]

    def __str__(self) -> str:
        return self.key


class Source(KeyedFact):
    """What a sentence or a fact rests on, with the day on which it was read."""

    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=SourceKind)
    published = models.CharField(_("published"), max_length=200, blank=True)
    read_on = models.DateField(_("read on"), null=True, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)

    class Meta(KeyedFact.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}"


class Topic(KeyedFact):  # type: ignore[django-manager-missing]
    """A subject under which pages and answers are found."""

    title = models.JSONField(_("title"), default=dict)
    summary = models.JSONField(_("summary"), default=dict)

    class Meta(KeyedFact.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.title_in(settings.LANGUAGE_CODE) or self.key

    def title_in(self, language: str) -> str:
        """The title in a language."""
        return text_in(self.title, language)

    def summary_in(self, language: str) -> str:
        """The one-line summary in a language."""
        return text_in(self.summary, language)


class Drug(KeyedFact):  # type: ignore[django-manager-missing]
    """A medicine by its generic name."""

    generic = models.CharField(_("generic name"), max_length=120)
    pronunciation = models.JSONField(_("pronunciation"), default=dict, blank=True)
    targets = models.JSONField(_("targets"), default=list, blank=True)
    drug_class = models.CharField(_("class"), max_length=120)
    kind = models.CharField(_("kind"), max_length=30, choices=DrugKind)
    misspellings = models.JSONField(_("misspellings"), default=list, blank=True)
    codes = models.JSONField(
        _("codes"),
        default=dict,
        blank=True,
        help_text=_('By system: {"rxnorm": {"code": "…", "verified": true}}'),
    )
    sources = models.ManyToManyField(Source, related_name="+", verbose_name=_("sources"))

    class Meta(KeyedFact.Meta):
        verbose_name = _("drug")
        verbose_name_plural = _("drugs")

    def __str__(self) -> str:
        return self.generic


class DrugBrand(models.Model):
    """A brand name of a drug, in one form where brands tell forms apart."""

    drug = models.ForeignKey(Drug, on_delete=models.CASCADE, related_name="brands")
    name = models.CharField(_("name"), max_length=120)
    form = models.CharField(_("form"), max_length=20, choices=Route, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["drug", "order"]
        constraints = [
            models.UniqueConstraint(fields=["drug", "name"], name="one_brand_name_per_drug")
        ]

    def __str__(self) -> str:
        return self.name


class Regimen(KeyedFact):
    """Drugs that are given together for a condition."""

    names = models.JSONField(_("names"), default=dict)
    aliases = models.JSONField(_("other names"), default=list, blank=True)
    condition = models.SlugField(_("condition"), max_length=80)
    lines = models.JSONField(_("lines of therapy"), default=list)
    settings = models.JSONField(_("settings"), default=dict)
    sources = models.ManyToManyField(Source, related_name="+", verbose_name=_("sources"))
    conflicts: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "ClaimConflict", related_name="regimens", blank=True, verbose_name=_("conflicts")
    )

    class Meta(KeyedFact.Meta):
        verbose_name = _("regimen")
        verbose_name_plural = _("regimens")

    def name_in(self, language: str) -> str:
        """The regimen's name in a language."""
        return text_in(self.names, language)

    def setting_in(self, language: str) -> str:
        """In which situation the regimen is used, in a language."""
        return text_in(self.settings, language)

    @property
    def line_labels(self) -> list[str]:
        """The lines of therapy in the reader's language."""
        return [str(Line(line).label) for line in self.lines]


class RegimenComponent(models.Model):
    """One drug within a regimen: a schedule belongs here, never to the drug itself."""

    regimen = models.ForeignKey(Regimen, on_delete=models.CASCADE, related_name="components")
    drug = models.ForeignKey(Drug, on_delete=models.PROTECT, related_name="components")
    route = models.CharField(_("route"), max_length=20, choices=Route)
    schedule = models.JSONField(_("schedule"), default=dict)
    courses = models.JSONField(
        _("courses"),
        default=list,
        blank=True,
        help_text=_(
            "The ways in which its visits can follow each other: "
            '[{"phases": [{"every_days": 21, "times": 4}, {"every_days": 28}], "sources": ["…"]}]'
        ),
    )
    order = models.PositiveIntegerField(default=0)
    sources = models.ManyToManyField(Source, related_name="+", verbose_name=_("sources"))

    class Meta:
        ordering = ["regimen", "order"]

    def __str__(self) -> str:
        return f"{self.regimen_id}: {self.drug_id}"

    def schedule_in(self, language: str) -> str:
        """How often the drug is given within this regimen, in a language."""
        return text_in(self.schedule, language)


class AdverseEvent(KeyedFact):
    """A side effect: what readers call it and what to do."""

    names = models.JSONField(_("names"), default=dict)
    lay_names = models.JSONField(_("lay names"), default=dict, blank=True)
    tier = models.CharField(_("tier"), max_length=20, choices=Tier)
    level = models.CharField(_("level"), max_length=20, choices=EventLevel)
    body_part = models.CharField(_("body part"), max_length=20, choices=BodyPart, blank=True)
    what_to_do = models.JSONField(_("what to do"), default=dict)
    sources = models.ManyToManyField(Source, related_name="+", verbose_name=_("sources"))

    class Meta(KeyedFact.Meta):
        verbose_name = _("adverse event")
        verbose_name_plural = _("adverse events")

    def name_in(self, language: str) -> str:
        """The side effect's name in a language."""
        return text_in(self.names, language)

    def what_to_do_in(self, language: str) -> str:
        """What the reader should do, in a language; placeholders unfilled."""
        return text_in(self.what_to_do, language)


class ConflictQuerySet(models.QuerySet["ClaimConflict"]):
    """Conflicts, asked as questions."""

    def open(self) -> "ConflictQuerySet":
        """Return those that no reviewer has written a note on."""
        return self.filter(status=ConflictStatus.OPEN)


class ClaimConflict(KeyedFact):
    """That sources differ. Shown with all statements and the reviewer's note, never resolved."""

    subject = models.JSONField(_("subject"), default=dict)
    note = models.JSONField(_("note"), default=dict, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=ConflictStatus, default=ConflictStatus.OPEN
    )

    objects = ConflictQuerySet.as_manager()

    class Meta(KeyedFact.Meta):
        verbose_name = _("claim conflict")
        verbose_name_plural = _("claim conflicts")

    def __str__(self) -> str:
        return self.subject_in(settings.LANGUAGE_CODE) or self.key

    def subject_in(self, language: str) -> str:
        """What the sources differ about, in a language."""
        return text_in(self.subject, language)

    def note_in(self, language: str) -> list[str]:
        """The sentences of the reviewer's note in a language, placeholders unfilled."""
        return in_language(self.note, language, [])


class ConflictStatement(models.Model):
    """What one source says on the subject of a conflict."""

    conflict = models.ForeignKey(ClaimConflict, on_delete=models.CASCADE, related_name="statements")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="statements")
    text = models.JSONField(_("text"), default=dict)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["conflict", "order"]

    def __str__(self) -> str:
        return f"{self.conflict_id}: {self.source_id}"

    def text_in(self, language: str) -> str:
        """What the source says, in a language."""
        return text_in(self.text, language)


class GlossaryTerm(KeyedFact):
    """A word that readers may not know, and which approved sentences explain it.

    It has no words of explanation of its own: those are sentences of pages, under
    their signatures.
    """

    names = models.JSONField(
        _("names"),
        default=dict,
        help_text=_("By language, with every form in which pages write it; the first is shown."),
    )
    sentences = models.JSONField(
        _("sentences"),
        default=list,
        help_text=_("The sentences that explain it, in reading order, as page-key#label."),
    )

    class Meta(KeyedFact.Meta):
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")

    def __str__(self) -> str:
        return next(iter(in_language(self.names, settings.LANGUAGE_CODE, [])), self.key)

    def forms(self) -> str:
        """Every form by language, for the editor's list."""
        return "; ".join(f"{code}: {', '.join(names)}" for code, names in self.names.items())

    def explained_by(self) -> str:
        """The sentences' names as one text, for the editor's list."""
        return ", ".join(self.sentences)
