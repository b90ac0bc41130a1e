"""MedQuAD and TREC LiveQA 2017 for the benchmark of search. Read from a folder, never shipped.

MedQuAD and the judged answers: CC BY 4.0, Ben Abacha and Demner-Fushman 2019.
"""

import csv
import gzip
import io
import json
import math
import random
import re
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# The questions of T2 aren't part of MedQuAD: github.com/abachaa/LiveQA_MedicalTask_TREC2017.
LIVEQA = "TREC-2017-LiveQA-Medical-Test-Questions-w-summaries.xml"
WORDS_IN_PASSAGE = 130
SEED = 1
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+(?=[A-Z0-9(\-])|\s-\s(?=[A-Z])")
_PARTS = re.compile(r"Question: (.*?)\nURL:.*?\nAnswer: ?(.*)", re.DOTALL)


@dataclass(frozen=True)
class Task:
    """Documents by id, and questions each with the gains of the documents that answer it."""

    name: str
    documents: Mapping[str, str]
    titles: Mapping[str, str]
    questions: Sequence[tuple[str, Mapping[str, int]]]


def t1(folder: Path, questions: int) -> Task:
    """Return sampled questions against all answers of MedQuAD; no question is in any document."""
    rows = pairs(folder)
    answering: dict[str, dict[str, int]] = defaultdict(dict)
    for number, row in enumerate(rows):
        answering[_plain(row["question"])][str(number)] = 1
    everything = sorted({row["question"] for row in rows})
    sampled = chance().sample(everything, min(questions, len(everything)))
    documents = {str(number): row["answer"] for number, row in enumerate(rows)}
    return Task("T1", documents, {}, [(each, answering[_plain(each)]) for each in sampled])


def t2(folder: Path, asked: str) -> Task | None:
    """Return LiveQA's questions against the judged answers; None without the questions' file.

    `asked` is the form of the question: NIST-PARAPHRASE or NLM-Summary. Grades 3 (incomplete) and
    4 (excellent) answer a question, with gains 1 and 2; only questions with such an answer count.
    """
    path = folder / LIVEQA
    if not path.exists():
        return None
    answers = _judged(folder)
    gains: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "medquad_liveqa_qrels.txt").read_text().splitlines():
        number, grade, answer = line.split()
        if answer in answers:
            gains[number][answer] = max(int(grade[0]) - 2, 0)
    questions = [
        ((each.findtext(asked) or "").strip(), gains[each.get("qid", "")[2:]])
        for each in ElementTree.parse(path).getroot()  # noqa: S314 (the tester's own file)
        if max(gains[each.get("qid", "")[2:]].values(), default=0)
    ]
    judged = {answer for graded in gains.values() for answer in graded}
    split = {key: _split(text) for key, text in answers.items() if key in judged}
    titles = {key: title for key, (title, _body) in split.items()}
    return Task("T2", {key: body for key, (_title, body) in split.items()}, titles, questions)


def chance() -> random.Random:
    """Return the same chance for every run."""
    return random.Random(SEED)  # noqa: S311 (a sample, no secret)


def pairs(folder: Path) -> list[dict[str, str]]:
    """Return every question and answer of MedQuAD."""
    with gzip.open(folder / "medquad.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def sentences(folder: Path, least_words: int = 4) -> list[str]:
    """Return the distinct sentences of all answers, in order."""
    found: dict[str, None] = {}
    for row in pairs(folder):
        for sentence in _SENTENCE.split(row["answer"]):
            words = sentence.split()
            if least_words <= len(words) <= 60:
                found.setdefault(" ".join(words))
    return list(found)


def passages(text: str, title: str = "") -> list[str]:
    """Return a long text in passages of whole sentences, each under its title."""
    found: list[list[str]] = [[]]
    for sentence in _SENTENCE.split(text):
        words = sentence.split()
        if found[-1] and len(found[-1]) + len(words) > WORDS_IN_PASSAGE:
            found.append([])
        found[-1] += words
    return [" ".join([*title.split(), *words]) for words in found if words or title]


def ndcg(ranked: Sequence[str], gains: Mapping[str, int], depth: int = 10) -> float:
    """Return the normalised discounted cumulative gain (gains 2^g - 1) of a ranking."""
    best = sorted(gains.values(), reverse=True)[:depth]
    return _dcg([gains.get(each, 0) for each in ranked[:depth]]) / (_dcg(best) or 1.0)


def _dcg(gains: Sequence[int]) -> float:
    return sum((2**gain - 1) / math.log2(place + 2) for place, gain in enumerate(gains))


def _judged(folder: Path) -> dict[str, str]:
    raw = gzip.decompress((folder / "medquad_liveqa_answers.csv.gz").read_bytes()).decode()
    return {row["AnswerID"]: row["Answer"] for row in csv.DictReader(io.StringIO(raw))}


def _split(text: str) -> tuple[str, str]:
    found = _PARTS.match(text)
    return (found[1], found[2]) if found else ("", text)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
