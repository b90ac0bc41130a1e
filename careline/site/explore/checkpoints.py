"""The checkpoint switches: which medicine blocks which switch, and what the T cell then does."""

from collections.abc import Iterable
from dataclasses import dataclass

from careline.content.enums import DrugKind
from careline.content.models import Drug, Regimen
from careline.content.presentation import ShownSentence
from careline.site.explore.quoting import Quotes, quotes

PAGE = "how-it-works"
EFFECTS = "side-effects"


@dataclass(frozen=True)
class _Switch:
    key: str
    name: str
    targets: tuple[str, ...]
    joined: tuple[str, ...]
    blocked: tuple[str, ...]


# PD-1 and PD-L1 are the two ends of one switch: blocking either opens it.
_SWITCHES = (
    _Switch(
        "pd-1",
        "PD-1 · PD-L1",
        ("PD-1", "PD-L1"),
        (f"{PAGE}#off-switch", f"{PAGE}#much-pd-l1"),
        (f"{PAGE}#blocking", f"{PAGE}#shrink"),
    ),
    _Switch(
        "ctla-4",
        "CTLA-4",
        ("CTLA-4",),
        (f"{PAGE}#ctla-4",),
        (f"{PAGE}#ctla-4-drugs", f"{EFFECTS}#ctla-4-more"),
    ),
)
_INTRODUCTION = (f"{PAGE}#checkpoints", f"{PAGE}#cancer-hides", f"{PAGE}#inhibitor")
# Without these the picture would stand without its meaning.
_NEEDED = (f"{PAGE}#off-switch", f"{PAGE}#blocking", f"{PAGE}#ctla-4")


@dataclass(frozen=True)
class Switch:
    """One switch. `targets` are the proteins that open it when a medicine blocks them."""

    key: str
    name: str
    targets: tuple[str, ...]
    blocked: bool
    when_joined: list[ShownSentence]
    when_blocked: list[ShownSentence]
    others: tuple[str, ...]


@dataclass(frozen=True)
class Medicine:
    """What can be chosen: one drug, or the drugs that a regimen gives together."""

    key: str
    name: str
    brands: tuple[str, ...]
    targets: tuple[str, ...]
    sentences: list[ShownSentence]
    drug_keys: tuple[str, ...]


@dataclass(frozen=True)
class Scene:
    """The picture's state: the blocked proteins, and all that can be chosen."""

    switches: list[Switch]
    alone: list[Medicine]
    together: list[Medicine]
    chosen: str
    blocked: tuple[str, ...]
    introduction: list[ShownSentence]

    @property
    def medicines(self) -> list[Medicine]:
        """Return everything that can be chosen, in order."""
        return [*self.alone, *self.together]


def scene(language: str, chosen: str, switched: Iterable[str]) -> tuple[Scene, Quotes] | None:
    """Return the picture with a medicine chosen, or else with these switches blocked by hand.

    What isn't known is as if it weren't said. None where the words aren't approved.
    """
    drugs = _drugs()
    told = quotes(language, [PAGE, EFFECTS, *(drug.pk for drug in drugs)])
    if not all(told.has(name) for name in _NEEDED):
        return None
    introduction = told.show(*_INTRODUCTION)
    alone = [_one(drug, told) for drug in drugs if told.has(f"{drug.pk}#target")]
    together = list(_together(language, alone))
    medicine = next((each for each in (*alone, *together) if each.key == chosen), None)
    blocked = medicine.targets if medicine else _by_hand(switched)
    switches = [_switch(each, blocked, told) for each in _SWITCHES]
    key = medicine.key if medicine else ""
    return Scene(switches, alone, together, key, blocked, introduction), told


def _drugs() -> list[Drug]:
    known = {target for switch in _SWITCHES for target in switch.targets}
    drugs = Drug.objects.filter(kind=DrugKind.CHECKPOINT_INHIBITOR).prefetch_related("brands")
    return [drug for drug in drugs if known.issuperset(drug.targets) and drug.targets]


def _one(drug: Drug, told: Quotes) -> Medicine:
    names = (f"{drug.pk}#target", f"{drug.pk}#partner")
    return Medicine(
        key=drug.pk,
        name=drug.generic,
        brands=tuple(brand.name for brand in drug.brands.all()),
        targets=tuple(drug.targets),
        sentences=told.show(*names),
        drug_keys=(drug.pk,),
    )


def _together(language: str, alone: list[Medicine]) -> Iterable[Medicine]:
    """Yield the regimens that join two or more of the medicines."""
    by_key = {medicine.key: medicine for medicine in alone}
    for regimen in Regimen.objects.prefetch_related("components"):
        keys = list(dict.fromkeys(part.drug_id for part in regimen.components.all()))
        parts = [by_key[key] for key in keys if key in by_key]
        if len(parts) > 1:
            yield Medicine(
                key=regimen.pk,
                name=regimen.name_in(language),
                brands=(),
                targets=tuple(target for part in parts for target in part.targets),
                sentences=[part.sentences[0] for part in parts],
                drug_keys=tuple(part.key for part in parts),
            )


def _by_hand(switched: Iterable[str]) -> tuple[str, ...]:
    wanted = set(switched)
    return tuple(switch.targets[0] for switch in _SWITCHES if switch.key in wanted)


def _switch(switch: _Switch, blocked: tuple[str, ...], told: Quotes) -> Switch:
    return Switch(
        key=switch.key,
        name=switch.name,
        targets=switch.targets,
        blocked=_opens(switch, blocked),
        when_joined=told.show(*switch.joined),
        when_blocked=told.show(*switch.blocked),
        others=tuple(
            other.key for other in _SWITCHES if other != switch and _opens(other, blocked)
        ),
    )


def _opens(switch: _Switch, blocked: tuple[str, ...]) -> bool:
    return not set(switch.targets).isdisjoint(blocked)
