"""Which source sentence a translated sentence follows, and when it has fallen behind.

The source language is settings.LANGUAGE_CODE. A sentence's counterpart has its
label; sentences without a label are paired by their order among those, and so
are the notes on a conflict. A signature under a translation says that it
follows the source as it stands that day. When the source's words are replaced
later, the translation leaves the answers until it is signed again; the page
goes on showing it, and says so.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.conf import settings

from careline.content.models import Approval, ReviewedPage, Sentence
from careline.content.models.review import SentenceQuerySet
from careline.core import clock

Place = tuple[str, str, int]


def follow_source(page: ReviewedPage, approval: Approval) -> None:
    """Bring the page's translations up to date with it, or the page with its source.

    Called within the transaction that signed `page`, once its sentences are stored.
    """
    if page.language == settings.LANGUAGE_CODE:
        _mark(page.key, _translations_of(page.key))
        return
    approval.source_revision = _revision_of_source(page.key)
    approval.save(update_fields=["source_revision"])
    source = {place: each.pk for place, each in _by_place(_source_of(page.key)).items()}
    own = _by_place(_current(page.key).filter(language=page.language))
    for place, sentence in own.items():
        if sentence.approval_id == approval.pk or not sentence.follows:
            sentence.follows = source.get(place, "")
    Sentence.objects.bulk_update(own.values(), ["follows"])
    _mark(page.key, own.values())


def follow_as_packed(page: ReviewedPage, followed: Mapping[str, str]) -> None:
    """Set what a pack says of its sentences: by id, the id of the source sentence followed."""
    rows = list(_current(page.key).filter(pk__in=followed))
    for sentence in rows:
        sentence.follows = followed[sentence.pk]
    Sentence.objects.bulk_update(rows, ["follows"])
    _mark(page.key, rows)


def _mark(page_key: str, sentences: Iterable[Sentence]) -> None:
    """Set or take away the mark of being behind; what was approved against words that are back
    is approved again."""
    standing = set(_source_of(page_key).values_list("pk", flat=True))
    changed = []
    for sentence in sentences:
        behind = bool(sentence.follows) and sentence.follows not in standing
        if behind != (sentence.behind_since is not None):
            sentence.behind_since = clock.now() if behind else None
            changed.append(sentence)
    Sentence.objects.bulk_update(changed, ["behind_since"])


def _current(page_key: str) -> SentenceQuerySet:
    return Sentence.objects.filter(page_key=page_key, retired_at=None).order_by("position")


def _source_of(page_key: str) -> SentenceQuerySet:
    return _current(page_key).filter(language=settings.LANGUAGE_CODE)


def _translations_of(page_key: str) -> list[Sentence]:
    return list(_current(page_key).exclude(language=settings.LANGUAGE_CODE))


def _revision_of_source(page_key: str) -> int | None:
    pages = ReviewedPage.objects.in_language(settings.LANGUAGE_CODE).filter(key=page_key, live=True)
    revision: int | None = pages.values_list("live_revision_id", flat=True).first()
    return revision


def _by_place(sentences: Iterable[Sentence]) -> dict[Place, Sentence]:
    unlabelled: Counter[str] = Counter()
    found: dict[Place, Sentence] = {}
    for each in sentences:
        number = 0
        if not each.label:
            number = unlabelled[each.conflict_key] = unlabelled[each.conflict_key] + 1
        found[each.label, each.conflict_key, number] = each
    return found
