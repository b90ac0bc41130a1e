"""From a drug's facts to the names under which it is recognised."""

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

from careline.answers.engine.model import Entity, EntityKind
from careline.answers.engine.text import fold

# How many slips make a misspelling of a form's own word rather than of the drug's.
_SLIPS = 2


def drug_entities(
    key: str,
    names: Sequence[str],
    brands: Sequence[tuple[str, str]],
    *,
    class_wide: bool,
    pack: str = "",
) -> Iterable[Entity]:
    """Return the drug and, as things of their own, the brands of special forms.

    `brands` are (name, form). A brand that adds a word to another brand of the
    drug ("Tecentriq Hybreza") is a form: what is said of it isn't said of the drug.
    """
    plain = [name for name, _ in brands if not _base(name, brands)]
    special = [name for name, _ in brands if _base(name, brands)]
    words = {name: fold(name).split()[-1] for name in special}
    slips = {name: [slip for slip in names if _is_slip(slip, words[name])] for name in special}
    taken = {slip for found in slips.values() for slip in found}
    own = tuple(name for name in (*names, *plain) if name not in taken)
    yield Entity(key, EntityKind.DRUG, own, class_wide=class_wide, pack=pack)
    for name in special:
        form = (name, words[name], *slips[name])
        yield Entity(f"{key}:{words[name]}", EntityKind.FORM, form, members=(key,))


def _base(name: str, brands: Sequence[tuple[str, str]]) -> bool:
    return any(fold(name).startswith(fold(other) + " ") for other, _ in brands if other != name)


def _is_slip(name: str, word: str) -> bool:
    return OSA.distance(fold(name).split()[-1], word, score_cutoff=_SLIPS) <= _SLIPS
