"""How sure a page can be: what sorts of sources it rests on, in plain words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careline.content.models import Source

# From the surest to the least sure. Kinds that aren't named here come last.
_MEANINGS: dict[str, str | Promise] = {
    "guideline": _("Experts weighed the studies and wrote down what they agree on."),
    "label": _("The official text about a medicine, which a government agency checked."),
    "regulator": _("What a government agency decided or published."),
    "trial": _("What one study in people found. Other studies may find something else."),
    "textbook": _("What doctors learn from."),
    "database": _("A public collection of facts."),
    "patient_page": _(
        "Written for patients by a health organization. It may not name the studies."
    ),
    "service": _("What a service says about itself."),
}
_ORDER = list(_MEANINGS)


@dataclass(frozen=True)
class Ground:
    """One sort of source: how many of them, and what that sort is worth."""

    kind: str
    label: str
    meaning: str
    count: int


def grounds(sources: Iterable[Source]) -> list[Ground]:
    """Return the sorts of the sources, surest first."""
    listed = list(sources)
    labels = {source.kind: source.get_kind_display() for source in listed}
    counts = Counter(source.kind for source in listed)
    return [
        Ground(kind, str(labels[kind]), str(_MEANINGS.get(kind, "")), counts[kind])
        for kind in sorted(counts, key=_place)
    ]


def _place(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)
