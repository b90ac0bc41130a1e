"""The ways of searching that are compared: ours, and tantivy, bm25s and SQLite FTS5 as they come.

Each builds an index in a folder and then, opened, returns the ids of the documents that are nearest
to a question. The peers' packages are needed for the benchmark alone (bench/requirements.txt).
"""

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import medquad


class Tantivy:
    """tantivy with its English stemmer; any of the question's words."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self.index = tantivy.Index.open(str(folder))
        self.searcher = self.index.searcher()

    @staticmethod
    def build(documents: Mapping[str, str], folder: Path) -> None:
        """Index the documents."""
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("text", tokenizer_name="en_stem")
        writer = tantivy.Index(builder.build(), path=str(folder)).writer(num_threads=1)
        for key, text in documents.items():
            writer.add_document(tantivy.Document(id=key, text=text))
        writer.commit()
        writer.wait_merging_threads()

    def search(self, question: str, limit: int) -> list[str]:
        """Return the ids of the nearest documents."""
        query = self.index.parse_query(" ".join(_words(question)), ["text"])
        hits = self.searcher.search(query, limit).hits
        return [str(self.searcher.doc(address)["id"][0]) for _score, address in hits]


class Bm25s:
    """bm25s with Porter's stemmer and its English stop words, its arrays mapped."""

    def __init__(self, folder: Path) -> None:
        import bm25s

        self.ids = json.loads((folder / "ids.json").read_text())
        self.index = bm25s.BM25.load(folder, mmap=True)

    @staticmethod
    def build(documents: Mapping[str, str], folder: Path) -> None:
        """Index the documents."""
        import bm25s

        index = bm25s.BM25()
        index.index(_bm25s_tokens(list(documents.values())), show_progress=False)
        index.save(folder)
        (folder / "ids.json").write_text(json.dumps(list(documents)))

    def search(self, question: str, limit: int) -> list[str]:
        """Return the ids of the nearest documents."""
        found, _scores = self.index.retrieve(
            _bm25s_tokens([question]), k=min(limit, len(self.ids)), show_progress=False
        )
        return [self.ids[int(at)] for at in found[0]]


class Fts5:
    """SQLite's own full-text search with Porter's stemmer."""

    def __init__(self, folder: Path) -> None:
        self.database = sqlite3.connect(folder / "fts.sqlite3")

    @staticmethod
    def build(documents: Mapping[str, str], folder: Path) -> None:
        """Index the documents."""
        database = sqlite3.connect(folder / "fts.sqlite3")
        database.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(id UNINDEXED, text, tokenize='porter')"
        )
        database.executemany("INSERT INTO texts VALUES (?, ?)", documents.items())
        database.commit()

    def search(self, question: str, limit: int) -> list[str]:
        """Return the ids of the nearest documents."""
        query = " OR ".join(f'"{word}"' for word in _words(question))
        sql = "SELECT id FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?"
        return [row[0] for row in self.database.execute(sql, (query, limit))] if query else []


class Careline:
    """Our own index on disk, as a service with large content has it."""

    def __init__(self, folder: Path, encoder: Any) -> None:
        from careline.answers.engine.corpus import Corpus

        self.corpus = Corpus(folder, encoder)

    @staticmethod
    def build(
        documents: Mapping[str, str], folder: Path, encoder: Any, titles: Mapping[str, str]
    ) -> None:
        """Index the documents' passages."""
        from careline.answers.engine.corpus import Entry, update

        entries = {
            f"{key}#{number}": Entry(f"{key}#{number}", key, "en", passage)
            for key, text in documents.items()
            for number, passage in enumerate(medquad.passages(text, titles.get(key, "")))
        }
        update(folder, encoder, sorted(entries), entries)

    def search(self, question: str, limit: int) -> list[str]:
        """Return the ids of the nearest documents."""
        return [hit.group for hit in self.corpus.nearest_groups(question, "en", limit)]


PEERS: dict[str, Any] = {"tantivy": Tantivy, "bm25s": Bm25s, "fts5": Fts5}


def _bm25s_tokens(texts: list[str]) -> Any:
    import bm25s
    import Stemmer

    return bm25s.tokenize(
        texts, stemmer=Stemmer.Stemmer("english"), stopwords="en", show_progress=False
    )


def _words(question: str) -> Sequence[str]:
    return [word for word in re.findall(r"\w+", question.lower()) if word not in ("or", "and")]
