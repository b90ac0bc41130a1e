"""Shared words over up to millions of sentences: BM25 by tantivy, in files that are mapped.

tantivy is imported only here and only when a corpus is large: small installations keep
their memory. Words are stemmed by us (terms.py), so that every language of the content works.
"""

from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from careline.answers.engine.dense import Rows
from careline.answers.engine.encoder import Vectors

_HEAP_BYTES = 64_000_000


def installed() -> bool:
    """Return whether tantivy is there, without importing it."""
    return find_spec("tantivy") is not None


class WordIndex:
    """Rows with their words. One writer at a time; readers see the last commit they loaded."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._lib: Any = tantivy
        folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(self._schema(), path=str(folder))
        self._index.register_tokenizer("spaces", self._spaces())
        self._index.reload()
        self._searcher = self._index.searcher()

    def _schema(self) -> Any:
        builder = self._lib.SchemaBuilder()
        builder.add_unsigned_field("row", stored=True, indexed=True, fast=True)
        builder.add_text_field("language", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("words", tokenizer_name="spaces", index_option="freq")
        return builder.build()

    def _spaces(self) -> Any:
        whitespace = self._lib.Tokenizer.whitespace()
        return self._lib.TextAnalyzerBuilder(whitespace).build()

    def change(self, added: Iterable[tuple[int, str, Sequence[str]]], removed: Rows) -> None:
        """Add (row, language, words) and remove rows, all or nothing."""
        writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        if len(removed):
            gone = self._lib.Query.term_set_query(self._index.schema, "row", removed.tolist())
            writer.delete_documents_by_query(gone)
        for row, language, words in added:
            document = self._lib.Document()
            document.add_unsigned("row", row)
            document.add_text("language", language)
            document.add_text("words", " ".join(words))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def nearest(self, words: Sequence[str], language: str, limit: int) -> tuple[Rows, Vectors]:
        """Return the rows that share words, best first, with their BM25 scores."""
        found = self._searcher.search(self._query(words, language), limit, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _score, address in found])
        scores = np.array([score for score, _address in found], dtype=np.float32)
        return np.array(rows, dtype=np.int64), scores

    def _query(self, words: Sequence[str], language: str) -> Any:
        lib, schema = self._lib, self._index.schema
        shared = [
            (lib.Occur.Should, lib.Query.term_query(schema, "words", word, "freq"))
            for word in dict.fromkeys(words)
        ]
        spoken = lib.Query.term_query(schema, "language", language, "basic")
        return lib.Query.boolean_query(
            [
                (lib.Occur.Must, lib.Query.boolean_query(shared)),
                (lib.Occur.Must, lib.Query.const_score_query(spoken, 0.0)),
            ]
        )

    @property
    def size(self) -> int:
        """How many rows are indexed."""
        return int(self._searcher.num_docs)
