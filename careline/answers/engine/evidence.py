"""What speaks for an answer and against it, as numbers that are weighed against each other.

Each candidate (an answer for a part of the question) gets the same list of figures. A logistic
regression, fitted on questions of many writers and kept with its figures in data/judge.toml, turns
them into how sure it is that the answer is right. It is data: nothing here learns while in use.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from careline.answers.engine import data
from careline.answers.engine.matching import Match
from careline.answers.engine.model import RefusalKind
from careline.answers.engine.reading import DOUBTS, Reading

# The nearest samples of both kinds that are asked for their vote.
VOTERS = 12
_SOFT = 0.08
Votes = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Asked:
    """One part of a message as it is judged. `story`: what the rest of the message hints at."""

    part: Reading
    hints: Mapping[RefusalKind, float]
    story: Mapping[RefusalKind, float]
    focused: bool
    alone: bool


def votes(nearest: Sequence[tuple[float, str]]) -> dict[str, float]:
    """Return each label's share among the nearest samples, the nearer the heavier; sum 1."""
    best = sorted(nearest, reverse=True)[:VOTERS]
    shares: dict[str, float] = {}
    for score, label in best:
        shares[label] = shares.get(label, 0.0) + math.exp((score - best[0][0]) / _SOFT)
    total = sum(shares.values()) or 1.0
    return {label: share / total for label, share in shares.items()}


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is known of one candidate beside the matches themselves."""

    gap: float
    missing: float
    said: float
    vote: float
    refusal_vote: float
    likely: float
    rival: float
    refused: float


def figures(
    asked: Asked, answer: Match, refusal: Match, known: Weighed, doubts: Mapping[str, int]
) -> dict[str, float]:
    """Return the figures of one candidate by name.

    `doubts` counts, by kind, what is named and the answer doesn't speak of.
    """
    part = asked.part
    sample = answer.sample
    theirs = sample.reading if sample is not None else part
    same_frame = bool(part.frames & theirs.frames)
    return {
        "score": answer.score,
        "meaning": answer.meaning,
        "misfit": min(answer.misfit, 0.5),
        "lead": max(-0.4, min(0.4, answer.score - refusal.score)),
        "refusal": refusal.score,
        "refusal_meaning": refusal.meaning,
        "gap": max(-0.2, min(0.3, known.gap)),
        "missing": known.missing,
        "said": known.said,
        "vote": known.vote,
        "refusal_vote": known.refusal_vote,
        "likely": _odds(known.likely),
        "rival": _odds(known.rival),
        "refused": _odds(known.refused),
        "event": float(bool(part.events & theirs.events)),
        "event_clash": float(bool(part.events) != bool(theirs.events)),
        "frame": float(same_frame),
        "frame_unmet": float(bool(part.frames) and not same_frame),
        "frame_extra": float(bool(theirs.frames) and not part.frames),
        **{f"hint_{kind.value}": float(kind in asked.hints) for kind in _HINTS},
        **{f"doubt_{kind}": float(min(2, doubts.get(kind, 0))) for kind in DOUBTS},
        "length": math.log1p(len(part.keys)),
        "focused": float(asked.focused),
        "alone": float(asked.alone),
        "foreign": float(theirs.language != part.language),
    }


def _odds(share: float) -> float:
    """Return the logarithm of the odds, between -5 and 5."""
    return max(-5.0, min(5.0, math.log((share + 1e-6) / (1 - share + 1e-6))))


_HINTS = (
    RefusalKind.DOSE,
    RefusalKind.PERSONAL,
    RefusalKind.COST,
    RefusalKind.INSTRUCTIONS,
)


@cache
def _weights() -> Mapping[str, float]:
    weights: Mapping[str, float] = data.table("judge")["weights"]
    return weights


def sureness(found: Mapping[str, float]) -> float:
    """Return how sure it is that the answer is right, 0 to 1."""
    weights = _weights()
    total = weights["bias"] + sum(weights.get(name, 0.0) * one for name, one in found.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
