"""What isn't happening: negation, general questions, other times, what is over.

Each check answers for one possible sign in its scene. All of them are strict on purpose: what
they aren't sure of stays a sign.
"""

from careline.safety.engine.rules import Cue
from careline.safety.engine.scene import Found, Scene, Span
from careline.safety.engine.text import COMMA, JOINED, NEW_LINE, SENTENCE

LONGEST_LIST = 14
LISTED_WITHIN = 10
TOUCHING = 4
OVER_WITHIN = 7
ALONE = 2


def is_negated(scene: Scene, sign: Found) -> bool:
    """ "No chest pain", "does not hurt", "fever or chills" after a no, "chest pain: none"."""
    if not sign.negative and _any_within(scene.spans(Cue.NEGATION), sign):
        return True
    return _negated_before(scene, sign) or _negated_after(scene, sign)


def _any_within(spans: list[Span], sign: Found) -> bool:
    return any(sign.start < start and end < sign.end for start, end in spans)


def _negated_before(scene: Scene, sign: Found) -> bool:
    """Walk back through words that a negation reaches through, and through lists."""
    ends = {end for start, end in scene.spans(Cue.NEGATION)}
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
    for start, end in scene.spans(Cue.NEGATION_AFTER):
        if not sign.end <= start <= sign.end + 1 or "." in scene.reading.marks[start]:
            continue
        if end >= len(scene.reading) or scene.reading.pauses[end] > NEW_LINE - 1:
            return True
    return False


def _touches(scene: Scene, cue: Cue, sign: Found) -> bool:
    """Does the cue end right before the sign, or within the words that belong to it?"""
    ends = {end for start, end in scene.spans(cue)}
    starts_inside = any(sign.start <= start < sign.end for start, _ in scene.spans(cue))
    if starts_inside or sign.start in ends:
        return True
    for position in range(sign.start - 1, max(sign.start - 1 - TOUCHING, -1), -1):
        if scene.reading.pauses[position + 1] > NEW_LINE:
            return False
        if position + 1 in ends:
            return True
        if not scene.has(position, scene.rules.scope.transparent):
            return False
    return False


def is_general(scene: Scene, sign: Found) -> bool:
    """A question or a remark about what can happen, to nobody and at no time."""
    if scene.spans(Cue.AGAIN) or _happening(scene):
        return False
    if _touches_before(scene, Cue.HYPOTHETICAL, sign):
        return True
    general = any(_reaches(scene, span, sign) for span in scene.spans(Cue.GENERAL))
    return general and not _touches(scene, Cue.PERSONAL, sign)


def _touches_before(scene: Scene, cue: Cue, sign: Found) -> bool:
    earlier = [span for span in scene.spans(cue) if span[0] < sign.start]
    if any(start < sign.start < end for start, end in earlier):
        return True
    kept, scene.cues[cue] = scene.spans(cue), earlier
    touches = _touches(scene, cue, sign)
    scene.cues[cue] = kept
    return touches


def _happening(scene: Scene) -> bool:
    """Someone says that it is happening: "I have that now", "it started an hour ago"."""
    claims = [*scene.spans(Cue.GENERAL), *scene.spans(Cue.HYPOTHETICAL)]
    return any(
        not any(start < last and first < end for first, last in claims)
        for start, end in scene.spans(Cue.HAPPENING)
    )


def _reaches(scene: Scene, span: Span, sign: Found) -> bool:
    """A cue reaches forward through its sentence, but over no "but".

    After the sign it counts only when it says what the sign is: "rash is a side effect".
    """
    start, end = span
    if scene.sentence[start] != scene.sentence[sign.start]:
        return False
    if sign.start <= start and end <= sign.end:
        return False
    if start >= sign.end:
        return start == sign.end and scene.reading.pauses[start] == JOINED
    between = range(min(end, sign.end), max(start, sign.start))
    return not any(scene.has(position, scene.rules.scope.clause_words) for position in between)


def is_past(scene: Scene, sign: Found) -> bool:
    """Another time, long enough ago: "two years ago I had a stroke", "history of seizures"."""
    if scene.spans(Cue.AGAIN) or _now_in_segment(scene, sign):
        return False
    if _touches_before(scene, Cue.HISTORY, sign):
        return True
    if _present_before(scene, sign):
        return False
    return any(_past_reaches(scene, span, sign) for span in scene.spans(Cue.PAST))


def _now_in_segment(scene: Scene, sign: Found) -> bool:
    segment = scene.segment[sign.start]
    return any(scene.segment[start] == segment for start, _ in scene.spans(Cue.NOW))


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
    start, _ = span
    if scene.sentence[start] != scene.sentence[sign.start] or _about_treatment(scene, span):
        return False
    if scene.segment[start] == scene.segment[sign.start]:
        return True
    if _past_tense(scene, sign):
        return True
    follows = scene.segment[sign.start] == scene.segment[start] + 1
    shared = follows and _opens_segment(scene, sign) and _other_sign_with(scene, start)
    return shared or _alone(scene, span)


def _past_tense(scene: Scene, sign: Found) -> bool:
    return _group_before(scene, sign, scene.rules.scope.past_verbs)


def _about_treatment(scene: Scene, span: Span) -> bool:
    """ "Stopped Keytruda a year ago" tells when treatment ended, not when the sign was."""
    segment = scene.segment[span[0]]
    return any(
        scene.segment[position] == segment
        for position in scene.marked.where.get(scene.rules.scope.treatment, ())
    )


def _alone(scene: Scene, span: Span) -> bool:
    """The cue fills its segment: "Two years ago, …"."""
    segment = scene.segment[span[0]]
    words = sum(1 for each in scene.segment if each == segment)
    return words <= span[1] - span[0] + ALONE


def _opens_segment(scene: Scene, sign: Found) -> bool:
    segment = scene.segment[sign.start]
    return sign.start < ALONE or scene.segment[sign.start - ALONE] != segment


def _other_sign_with(scene: Scene, position: int) -> bool:
    """Does the segment of this word hold a sign (so that "and passed out" shares its time)?"""
    return any(scene.segment[each.start] == scene.segment[position] for each in scene.found)


def is_over(scene: Scene, sign: Found) -> bool:
    """It happened lately and is said to be gone: "the fever went away"."""
    if scene.spans(Cue.AGAIN):
        return False
    for start, _ in scene.spans(Cue.RESOLVED):
        if sign.end <= start <= sign.end + OVER_WITHIN and not _cut_off(scene, sign.end, start):
            return True
    return False


def _cut_off(scene: Scene, end: int, start: int) -> bool:
    """Another sign, a second sentence or a no stands between the sign and its end."""
    between = range(end, start)
    ends = sum(scene.reading.pauses[position] == SENTENCE for position in between)
    negated = scene.has(start - 1, scene.rules.scope.negators)
    return negated or ends > 1 or any(scene.covered[position] for position in between)
