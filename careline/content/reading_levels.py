"""How hard each page is to read: of a pack's folder, of the pages that readers see, of a draft."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from careline.content.extraction import sentences_of
from careline.content.models import ClaimConflict, Drug, Regimen, ReviewedPage
from careline.content.models.review import normalised
from careline.content.packs.bodies import conflicts_in
from careline.content.packs.markdown import PageText
from careline.content.packs.read import PackText
from careline.content.readability import Reading, mask_of, reading


@dataclass(frozen=True)
class PageReading:
    """`reading` is None for a page without words, or in a language that no formula is for."""

    key: str
    language: str
    reading: Reading | None

    def as_dict(self) -> dict[str, Any]:
        """The figures as `careline readability --json` prints them."""
        found = self.reading
        return {
            "page": self.key,
            "language": self.language,
            "sentences": found.counts.sentences if found else 0,
            "words": found.counts.words if found else 0,
            "syllables": found.counts.syllables if found else 0,
            "long_words": dict(found.counts.long_words.most_common()) if found else {},
            "scores": {
                each.name: {"value": round(each.value, 1), "limit": each.limit, "ok": each.passes}
                for each in (found.scores if found else ())
            },
            "ok": found.passes if found else None,
        }


def of_pack(pack: PackText) -> list[PageReading]:
    """Measure every page of a pack; its own names are masked. Needs no database."""
    mask = mask_of(_names_in(pack))
    notes = {each.key: each.note or {} for each in pack.entries("conflicts")}
    return [
        PageReading(page.head.key, page.language, reading(_words(page, notes), page.language, mask))
        for page in pack.pages
    ]


def of_public_pages() -> list[PageReading]:
    """Measure every page that readers see, as it was signed."""
    mask = database_mask()
    pages = ReviewedPage.objects.signed().select_related("locale").order_by("locale", "order")
    return [_of_page(page, mask) for page in pages]


def of_saved(page: ReviewedPage) -> Reading | None:
    """Measure a page's text as its latest revision, or the object handed over, holds it."""
    return _of_page(page, database_mask()).reading


def of_typed(texts: Iterable[str], conflict_keys: Iterable[str], language: str) -> Reading | None:
    """Measure sentences that nobody saved, with the notes on the conflicts that stand among them.

    As on a saved page, words that stand twice count once.
    """
    conflicts = ClaimConflict.objects.in_bulk(list(conflict_keys))
    notes = [note for each in conflicts.values() for note in each.note_in(language)]
    words = dict.fromkeys(normalised(text) for text in [*texts, *notes])
    return reading(words, language, database_mask())


def database_mask() -> re.Pattern[str] | None:
    """Return what masks the names of all drugs and regimens that are loaded."""
    names: list[str] = []
    for drug in Drug.objects.prefetch_related("brands"):
        names += [drug.generic, *(brand.name for brand in drug.brands.all()), *drug.targets]
    for aliases in Regimen.objects.values_list("aliases", flat=True):
        names += aliases
    return mask_of(names)


def _of_page(page: ReviewedPage, mask: re.Pattern[str] | None) -> PageReading:
    texts = [draft.text for draft in sentences_of(page)]
    return PageReading(page.key, page.language, reading(texts, page.language, mask))


def _names_in(pack: PackText) -> Iterator[str]:
    for drug in pack.entries("drugs"):
        yield drug.generic
        yield from (brand.name for brand in drug.brands)
        yield from drug.targets
    for regimen in pack.entries("regimens"):
        yield from regimen.aliases


def _words(page: PageText, notes: dict[str, dict[str, list[str]]]) -> Iterator[str]:
    yield from (sentence.text for sentence in page.sentences)
    for key in conflicts_in(page):
        yield from notes.get(key, {}).get(page.language, [])
