"""Questions in, approved sentences with citations or an honest refusal out.

`ask` is the one way in, whoever asks: web page, chat's side panel, API, command line.
`suggest_sentences` is for specialists, who choose for themselves.
"""

from typing import TYPE_CHECKING

# Django imports this package before models may be imported: hence the late imports.
if TYPE_CHECKING:
    from careline.answers.replies import Answer, CitedSentence


def ask(text: str, *, language: str | None = None, before: str = "") -> "Answer":
    """Answer a question; `careline.answers.asking.ask` has the contract."""
    from careline.answers import asking

    return asking.ask(text, language=language, before=before)


def suggest_sentences(text: str, language: str, limit: int = 5) -> "list[CitedSentence]":
    """Return approved sentences that fit a text; the contract is in `careline.answers.search`."""
    from careline.answers import search

    return search.suggest_sentences(text, language, limit)
