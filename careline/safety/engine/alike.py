"""Sentences that sound like a level, where no rule saw a sign of it."""

from collections.abc import Iterable, Iterator

from careline.safety.engine.likeness import SHORTEST_PIECE, Likeness, pieces
from careline.safety.engine.rules import Cue
from careline.safety.engine.scene import Found, Scene
from careline.safety.engine.text import NUMBER
from careline.safety.levels import Level

# What these say of a sentence, a net that knows no grammar can't see.
_NOT_HAPPENING = (Cue.FIGURE, Cue.PAST, Cue.HISTORY)
# Asking in general is asking, and a chest X-ray is no chest, unless it is about dying.
_ASKED = (Cue.GENERAL, Cue.HYPOTHETICAL, Cue.OTHER_THING)


def sounding_alike(
    scene: Scene, seen: Iterable[Found], kept: Iterable[Found], worst: int
) -> list[Found]:
    """Sentences like a level above ``worst``, each with its most telling piece.

    A sentence in which the rules saw a sign and judged it away stays silent, and so does
    one with a figure of speech or another time in it.
    """
    kept = list(kept)
    wanted = [each for each in scene.rules.likenesses if each.level.rank > worst]
    if not wanted:
        return []
    silent = _silent_sentences(scene, seen, kept)
    hinted = {each.rule for each in kept}
    asked = set() if scene.is_happening else _sentences_with(scene, _ASKED)
    return [
        found
        for likeness in wanted
        for number, start, end in _sentences(scene)
        if number not in silent and (likeness.level is Level.CRISIS or number not in asked)
        if likeness.numbers or NUMBER not in scene.reading.words[start:end]
        for found in _best_piece(scene, likeness, (start, end), likeness.line_after(hinted))
    ]


def _silent_sentences(scene: Scene, seen: Iterable[Found], kept: Iterable[Found]) -> set[int]:
    sentence = scene.parts.sentence
    standing = {(each.rule, each.start) for each in kept}
    silent = {
        sentence[each.start]
        for each in seen
        if each.level.rank >= Level.URGENT.rank and (each.rule, each.start) not in standing
    }
    return silent | _sentences_with(scene, _NOT_HAPPENING)


def _sentences_with(scene: Scene, cues: Iterable[Cue]) -> set[int]:
    sentence = scene.parts.sentence
    return {sentence[start] for cue in cues for start, _ in scene.spans(cue).spans}


def _sentences(scene: Scene) -> Iterator[tuple[int, int, int]]:
    """The number of each sentence, its first word and the one past its last."""
    sentence = scene.parts.sentence
    start = 0
    for position in range(1, len(sentence) + 1):
        if position == len(sentence) or sentence[position] != sentence[start]:
            yield sentence[start], start, position
            start = position


def _best_piece(
    scene: Scene, likeness: Likeness, sentence: tuple[int, int], line: float
) -> list[Found]:
    words = scene.reading.words
    scored = [
        (likeness.score(words[first:last]), first, last)
        for first, last in pieces(*sentence)
        # One word over and over says nothing, however like a cry it looks.
        if len(set(words[first:last])) >= SHORTEST_PIECE
    ]
    score, first, last = max(scored, default=(line, 0, 0))
    return [Found(likeness.key, likeness.level, first, last)] if score > line else []
