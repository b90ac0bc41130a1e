"""A reviewed sentence with its citation, as a conversation keeps it."""

from typing import Any

from django.utils.translation import override

from careline.contacts.errors import SentenceNotApproved
from careline.content.models import Sentence, Source


def citation(sentence_id: str) -> dict[str, Any]:
    """Return the words and the citation of a sentence that may be shown today.

    Raises SentenceNotApproved for any other. The citation is a copy: what was sent
    stays readable as it was after the page has changed.
    """
    sentence = Sentence.objects.approved().with_citations().filter(pk=sentence_id).first()
    if sentence is None or sentence.approval is None:
        raise SentenceNotApproved
    with override(sentence.language):
        reviewer = sentence.approval.signed_by
    return {
        "sentence": sentence.pk,
        "text": sentence.shown_text,
        "page": sentence.page_title,
        "url": sentence.url,
        "language": sentence.language,
        "revision": sentence.revision,
        "reviewed_on": sentence.approval.reviewed_on.isoformat(),
        "reviewer": reviewer,
        "sources": [_source(source) for source in sentence.sources.all()],
    }


def _source(source: Source) -> dict[str, str]:
    return {"title": source.title, "publisher": source.publisher, "url": source.url}
