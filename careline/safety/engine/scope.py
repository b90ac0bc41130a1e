"""What isn't happening: negation, general questions, other times, what is over.

Each check answers for one possible sign in its scene. All of them are strict on purpose: what
they aren't sure of stays a sign.
"""

from careline.safety.engine.rules import Cue
from careline.safety.engine.scene import Found, Scene
from careline.safety.engine.spans import Span
from careline.safety.engine.text import COMMA, JOINED, NEW_LINE, SENTENCE
from careline.safety.levels import Level

LONGEST_LIST = 14
LISTED_WITHIN = 10
TOUCHING = 4
OVER_WITHIN = 7
LONGEST_CUE = 16
CUE_REACH = 60
ALONE = 2


def is_negated(scene: Scene, sign: Found) -> bool:
    """ "No chest pain", "does not hurt", "fever or chills" after a no, "chest pain: none"."""
    if not sign.negative and _negated_within(scene, sign):
        return True
    return _negated_before(scene, sign) or _negated_after(scene, sign)


def _negated_within(scene: Scene, sign: Found) -> bool:
    inside = scene.spans(Cue.NEGATION).starting_in(sign.start + 1, sign.end)
    return any(end < sign.end for _, end in inside)


def _negated_before(scene: Scene, sign: Found) -> bool:
    """Walk back through words that a negation reaches through, and through lists."""
    ends = scene.spans(Cue.NEGATION).ends
    listed = _is_listed(scene, sign)
    for position in range(sign.start - 1, max(sign.start - 1 - LONGEST_LIST, -1), -1):
        pause = scene.reading.pauses[position + 1]
        if pause not in ((JOINED, COMMA) if listed else (JOINED,)):
            return False
        if position + 1 in ends:
            return True
        if not _reaches_through(scene, position, listed):
            return False
    return False


def _reaches_through(scene: Scene, position: int, listed: bool) -> bool:
    scope = scene.rules.scope
    if scene.has(position, scope.transparent):
        return True
    in_list = scene.covered[position] or scene.has(position, scope.list_words)
    return listed and (in_list or scene.has(position, scope.list_closers))


def _is_listed(scene: Scene, sign: Found) -> bool:
    """Is the sign part of a list that ends in or, nor, ni? Only such a list shares its no."""
    scope = scene.rules.scope
    if scene.has(sign.start - 1, scope.list_closers):
        return True
    for position in range(sign.end, min(sign.end + LISTED_WITHIN, len(scene.reading))):
        if scene.reading.pauses[position] not in (JOINED, COMMA):
            return False
        if scene.has(position, scope.list_closers):
            return True
        if not _reaches_through(scene, position, listed=True):
            return False
    return False


def _negated_after(scene: Scene, sign: Found) -> bool:
    """ "Chest pain: no", "fever? none": the answer stands alone after the sign."""
    answers = scene.spans(Cue.NEGATION_AFTER).starting_in(sign.end, sign.end + 2)
    return any(
        "." not in scene.reading.marks[start]
        and (end >= len(scene.reading) or scene.reading.pauses[end] > JOINED)
        for start, end in answers
    )


def _leads_to(scene: Scene, ends: frozenset[int], sign: Found) -> bool:
    """Does a cue end right before the sign, with only transparent words between?"""
    if sign.start in ends:
        return True
    for position in range(sign.start - 1, max(sign.start - 1 - TOUCHING, -1), -1):
        if scene.reading.pauses[position + 1] > NEW_LINE:
            return False
        if position + 1 in ends:
            return True
        if not scene.has(position, scene.rules.scope.transparent):
            return False
    return False


def _runs_into(scene: Scene, cue: Cue, sign: Found) -> bool:
    """Does a cue that starts before the sign end in it, or right before it?"""
    spans = scene.spans(cue)
    earlier = spans.starting_in(sign.start - LONGEST_CUE, sign.start)
    if any(end > sign.start for _, end in earlier):
        return True
    return _leads_to(scene, spans.ends, sign)


def is_general(scene: Scene, sign: Found) -> bool:
    """A question or a remark about what can happen, to nobody and at no time."""
    if scene.spans(Cue.AGAIN) or scene.is_happening or _is_about_oneself(scene, sign):
        return False
    if _runs_into(scene, Cue.HYPOTHETICAL, sign):
        return True
    near = scene.spans(Cue.GENERAL).starting_in(sign.start - CUE_REACH, sign.end + 1)
    general = any(_reaches(scene, span, sign) for span in near)
    return general and not _is_personal(scene, sign)


def _is_personal(scene: Scene, sign: Found) -> bool:
    """It is somebody's: "my", "he has" right before the sign or within its words."""
    spans = scene.spans(Cue.PERSONAL)
    return bool(spans.starting_in(sign.start, sign.end)) or _leads_to(scene, spans.ends, sign)


def _is_about_oneself(scene: Scene, sign: Found) -> bool:
    """ "Afraid that I might hurt myself" is no general question: a crisis has somebody's name."""
    person = scene.rules.scope.oneself
    inside = any(scene.has(position, person) for position in range(sign.start, sign.end))
    return sign.level is Level.CRISIS and inside


def _reaches(scene: Scene, span: Span, sign: Found) -> bool:
    """A cue reaches forward through its sentence, but over no "but".

    After the sign it counts only when it says what the sign is: "rash is a side effect".
    """
    start, end = span
    sentence = scene.parts.sentence
    if sentence[start] != sentence[sign.start]:
        return False
    if sign.start <= start and end <= sign.end:
        return False
    if start >= sign.end:
        return start == sign.end and scene.reading.pauses[start] == JOINED
    between = range(min(end, sign.end), max(start, sign.start))
    return not any(scene.has(position, scene.rules.scope.clause_words) for position in between)


def is_past(scene: Scene, sign: Found) -> bool:
    """Another time, long enough ago: "two years ago I had a stroke", "history of seizures"."""
    now = scene.parts.segment[sign.start] in scene.parts.with_now
    if scene.spans(Cue.AGAIN) or now:
        return False
    if _runs_into(scene, Cue.HISTORY, sign):
        return True
    if _present_before(scene, sign):
        return False
    near = scene.spans(Cue.PAST).starting_in(sign.start - CUE_REACH, sign.end + CUE_REACH)
    return any(_past_reaches(scene, span, sign) for span in near)


def _present_before(scene: Scene, sign: Found) -> bool:
    return _group_before(scene, sign, scene.rules.scope.present)


def _group_before(scene: Scene, sign: Found, group: int) -> bool:
    """Does an entry of the group stand before the sign, with only such words between?"""
    for position in range(sign.start, max(sign.start - 1 - TOUCHING, -1), -1):
        if scene.has(position, group):
            return True
        passable = position == sign.start or scene.has(position, scene.rules.scope.transparent)
        if scene.reading.pauses[position] > NEW_LINE or not passable:
            return False
    return False


def _past_reaches(scene: Scene, span: Span, sign: Found) -> bool:
    """``span`` tells the sign's time: in its segment, by its tense, or standing by itself."""
    parts = scene.parts
    segment, own = parts.segment[span[0]], parts.segment[sign.start]
    if parts.sentence[span[0]] != parts.sentence[sign.start]:
        return False
    # "Stopped Keytruda a year ago" tells when treatment ended, not when the sign was.
    if segment in parts.with_treatment:
        return False
    if segment == own or _group_before(scene, sign, scene.rules.scope.past_verbs):
        return True
    return _shares_time(scene, sign, segment) or _alone(scene, span)


def _shares_time(scene: Scene, sign: Found, segment: int) -> bool:
    """ "Two years ago I had chest pain and passed out": what follows at once shares the time."""
    follows = scene.parts.segment[sign.start] == segment + 1
    return follows and _opens_segment(scene, sign) and segment in scene.parts.with_sign


def _alone(scene: Scene, span: Span) -> bool:
    """The cue fills its segment: "Two years ago, …"."""
    words = scene.parts.segment_lengths[scene.parts.segment[span[0]]]
    return words <= span[1] - span[0] + ALONE


def _opens_segment(scene: Scene, sign: Found) -> bool:
    segments = scene.parts.segment
    return sign.start < ALONE or segments[sign.start - ALONE] != segments[sign.start]


def is_over(scene: Scene, sign: Found) -> bool:
    """It happened lately and is said to be gone: "the fever went away"."""
    if scene.spans(Cue.AGAIN):
        return False
    said = scene.spans(Cue.RESOLVED).starting_in(sign.end, sign.end + OVER_WITHIN + 1)
    return any(not _cut_off(scene, sign.end, start) for start, _ in said)


def _cut_off(scene: Scene, end: int, start: int) -> bool:
    """Another sign, a second sentence or a no stands between the sign and its end."""
    between = range(end, start)
    ends = sum(scene.reading.pauses[position] == SENTENCE for position in between)
    negated = scene.has(start - 1, scene.rules.scope.negators)
    return negated or ends > 1 or any(scene.covered[position] for position in between)
