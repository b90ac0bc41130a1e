"""The passage index of a large corpus: held on disk, followed in the background.

Up to `settings.LARGE_CORPUS_FROM` sentences the index in memory (engine/passages.py) is
smaller, exact, and built in a second. Above, this one is searched: what is published goes
in by differences while people go on searching what was there before.
"""

import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import connection

from careline.answers.engine import word_index
from careline.answers.engine.corpus import Corpus, EntriesOf, Entry, update
from careline.answers.engine.encoder import Encoder
from careline.answers.engine.model import Passage
from careline.content import version
from careline.content.models import Sentence
from careline.content.placeholders import fill
from careline.core.events import Event, log

# SQLite takes fewer than 1,000 values in older builds.
_AT_ONCE = 500


class KeptCorpus:
    """Searches the newest finished index; `follow` brings the next one about."""

    def __init__(self, folder: Path, encoder: Encoder | None) -> None:
        self.folder, self.encoder = folder, encoder
        self._held = Corpus(folder, encoder)
        self._building = threading.Lock()
        self._wanted = threading.Event()

    def nearest(self, text: str, language: str, limit: int) -> list[tuple[Passage, float]]:
        """Return the sentences in the language that fit the text, best first, with scores.

        A sentence that was withdrawn since may be among them: whoever shows one asks the database.
        """
        hits = self._held.nearest(text, language, limit)
        return [(Passage(hit.id, language, "", hit.group), hit.score) for hit in hits]

    def ids(self) -> set[str]:
        """Return the ids of everything that can be found."""
        return self._held.ids()

    def __len__(self) -> int:
        return len(self._held)

    def follow(self) -> None:
        """Bring the index to the present content, in the background.

        One build at a time: what is published while one runs goes in by another after it.
        """
        self._wanted.set()
        if self._building.acquire(blocking=False):
            threading.Thread(target=self._follow, name="answers-corpus", daemon=True).start()

    def _follow(self) -> None:
        try:
            behind = True
            while behind:
                self._wanted.clear()
                built = self.catch_up()
                behind = self._wanted.is_set() or version.current() != built
        except Exception as error:
            log(Event.ANSWERS_UNAVAILABLE, level=logging.ERROR, reason=type(error).__name__)
        finally:
            self._building.release()
            connection.close()
        # Who asked between the last look and the release started nothing.
        if self._wanted.is_set():
            self.follow()

    def catch_up(self) -> int:
        """Bring the index to the present content and search that from now on.

        Returns the number that the content had when it began (content.version).
        """
        began = time.perf_counter()
        number = version.current()
        present = list(Sentence.objects.approved().values_list("pk", flat=True))
        update(self.folder, self.encoder, present, EntriesOf(_entries), number)
        self._held = Corpus(self.folder, self.encoder)
        log(
            Event.INDEX_BUILT,
            sentences=len(self._held),
            ms=(time.perf_counter() - began) * 1000,
        )
        return number


_kept: KeptCorpus | None = None


def kept(folder: Path, encoder: Encoder | None) -> KeptCorpus:
    """Return the one of this process."""
    global _kept
    if _kept is None or (_kept.folder, _kept.encoder) != (folder, encoder):
        _kept = KeptCorpus(folder, encoder)
    return _kept


def is_large() -> bool:
    """Return whether there are so many approved sentences that the index is kept on disk."""
    if not word_index.installed():
        return False
    return Sentence.objects.approved().count() >= settings.LARGE_CORPUS_FROM


def folder() -> Path:
    """Return where the index of a large corpus lies."""
    return Path(settings.STATE_DIR) / "index" / "corpus"


def _entries(ids: Sequence[str]) -> list[Entry]:
    found: list[Entry] = []
    for start in range(0, len(ids), _AT_ONCE):
        rows = Sentence.objects.filter(pk__in=ids[start : start + _AT_ONCE])
        values = rows.values_list("pk", "page_key", "language", "text")
        found += [Entry(pk, page, language, fill(text)) for pk, page, language, text in values]
    return found
