"""From content's rows to what a reader is shown of them."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import get_language

from careline.answers.replies import CitedSentence, PageLink, SourceLine
from careline.content.models import ReviewedPage, Sentence, Source
from careline.content.version import remembered

# As many different answers are kept ready.
_MOST_KEPT = 1_000


def cited(ids: Sequence[str]) -> list[CitedSentence]:
    """Return those of the sentences that are approved at this moment, in the order of the ids.

    Whether they are is asked each time. What is shown of them is made once while nothing
    approved changes: a sentence's id stands for its words.
    """
    if not ids:
        return []
    approved = set(Sentence.objects.approved().filter(pk__in=ids).values_list("pk", flat=True))
    made = _citations(tuple(ids), get_language())
    return [made[each] for each in ids if each in approved and each in made]


@remembered(_MOST_KEPT)
def _citations(ids: tuple[str, ...], _shown_in: str | None) -> dict[str, CitedSentence]:
    # A demonstration's signature is words, which are the page's language, not the sentence's.
    approved = Sentence.objects.approved().with_citations().defer("page__body").in_bulk(ids)
    return {each: _cite(sentence) for each, sentence in approved.items()}


def _cite(sentence: Sentence) -> CitedSentence:
    approval = sentence.approval
    if approval is None:
        raise ValueError("Only a signed sentence can be cited.")
    return CitedSentence(
        id=sentence.id,
        text=sentence.shown_text,
        page=sentence.page_title,
        url=sentence.url,
        revision=sentence.revision,
        reviewed_on=approval.reviewed_on,
        reviewer=approval.signed_by,
        sources=tuple(_line(source) for source in sentence.sources.all()),
    )


def page_links(keys: Sequence[str], language: str) -> tuple[PageLink, ...]:
    """Return the signed pages with these keys in a language, in the order of the keys.

    Whether they are signed is asked each time, as with `cited`.
    """
    if not keys:
        return ()
    signed = set(_signed(keys, language).values_list("key", flat=True))
    made = _page_links(tuple(keys), language)
    return tuple(made[key] for key in keys if key in signed and key in made)


@remembered(_MOST_KEPT)
def _page_links(keys: tuple[str, ...], language: str) -> dict[str, PageLink]:
    pages = _signed(keys, language).select_related("locale").defer("body")
    return {
        page.key: PageLink(page.key, page.title, page.url or "", page.summary) for page in pages
    }


def _signed(keys: Sequence[str], language: str) -> QuerySet[ReviewedPage]:
    found: QuerySet[ReviewedPage] = ReviewedPage.objects.signed().in_language(language)
    return found.filter(key__in=keys)


def _line(source: Source) -> SourceLine:
    return SourceLine(
        key=source.key,
        title=source.title,
        publisher=source.publisher,
        published=source.published,
        read_on=source.read_on,
        url=source.url,
    )
