"""Numbering the sources of an answer, so that the same source is named once."""

import datetime as dt
from dataclasses import dataclass

from django import template

from careline.answers.replies import Answer, CitedSentence, SourceLine
from careline.content.glossary import Piece, marked_answer

register = template.Library()


@dataclass(frozen=True)
class Reference:
    """One numbered line under an answer: a page as it was reviewed, and what it rests on."""

    number: int
    page: str
    url: str
    reviewed_on: dt.date
    reviewer: str
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True)
class NumberedSentence:
    """A sentence with the number of its reference; `pieces` where a word in it is explained."""

    sentence: CitedSentence
    number: int
    pieces: list[Piece]


@dataclass(frozen=True)
class Numbered:
    """An answer's sentences in reading order and its references in the order of first use."""

    sentences: tuple[NumberedSentence, ...]
    references: tuple[Reference, ...]


@register.filter
def numbered(answer: Answer) -> Numbered:
    """Return the answer with equal citations under one number, counted from 1."""
    references: dict[tuple[object, ...], Reference] = {}
    pieces = marked_answer([each.id for each in answer.sentences], answer.language)
    sentences = []
    for each in answer.sentences:
        cited = (each.page, each.reviewed_on, each.reviewer, each.sources)
        if cited not in references:
            references[cited] = Reference(len(references) + 1, cited[0], each.url, *cited[1:])
        sentences.append(NumberedSentence(each, references[cited].number, pieces[each.id]))
    return Numbered(tuple(sentences), tuple(references.values()))
