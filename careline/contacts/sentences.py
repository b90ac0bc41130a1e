"""A reviewed sentence with its citation, as a conversation keeps it."""

from typing import Any

from careline.contacts.errors import SentenceNotApproved


def citation(sentence_id: str) -> dict[str, Any]:
    """Return the words and the citation of a sentence that may be shown today.

    Raises SentenceNotApproved for any other.
    """
    raise SentenceNotApproved
