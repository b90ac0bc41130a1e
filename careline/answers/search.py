"""Searching the approved sentences: for specialists, and for links that may help."""

from careline.answers import index
from careline.answers.citing import cited
from careline.answers.replies import CitedSentence
from careline.content.models import Sentence

# Of so many nearest sentences, the pages are linked.
_SENTENCES_READ = 12


def suggest_sentences(text: str, language: str, limit: int = 5) -> list[CitedSentence]:
    """Return approved sentences that fit a text, best first, each with its citation.

    For a specialist to choose from: where the engine would answer, that
    answer's sentences come first. Never more than `limit`; never one whose
    approval was withdrawn or has run out.
    """
    if limit <= 0:
        return []
    held = index.current()
    decision = held.engine.decide(text, language)
    nearest = [passage.id for passage, _ in held.passages.nearest(text, language, limit * 3)]
    chosen = held.compositions.get((decision.answer or "", language), ())
    return cited(list(dict.fromkeys([*chosen, *nearest])))[:limit]


def related_page_keys(text: str, language: str) -> list[str]:
    """Return the keys of the pages whose sentences are nearest to a text, nearest first."""
    near = index.current().passages.nearest(text, language, _SENTENCES_READ)
    ids = [passage.id for passage, _score in near]
    approved = set(Sentence.objects.approved().filter(pk__in=ids).values_list("pk", flat=True))
    return list(dict.fromkeys(passage.page for passage, _score in near if passage.id in approved))
