"""Who is offered which waiting contact, and why: pure functions without a clock or a database.

The live service (routing.run) and `careline simulate` call the same `decide`. Moments are
POSIX seconds. The same input gives the same offers, whatever order it comes in.

Contacts: danger first, then the longest wait. People, for one contact: who has passed it on
least often, who is trained for the very topic, who has fewest contacts, who can serve the
fewest other languages (so that those who can do more stay free), who has been free longest.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from careline.contacts.enums import RETURNING, DeskState

# Somebody who passed on a contact is asked anew only after a pause, each time a longer one.
AGAIN_AFTER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Skill:
    """A certified training. An empty topic covers every topic; it ends at the moment `until`."""

    topic: str
    language: str
    until: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A contact that waits and isn't offered to anybody now.

    `passed_by` names, once for each time, who declined it, let its offer lapse or lost it;
    `passed_at` is when that happened last.
    """

    id: Hashable
    topic: str
    language: str
    danger: int
    since: float
    passed_by: tuple[int, ...] = ()
    passed_at: float = 0.0

    @property
    def order(self) -> tuple[int, float, str]:
        """Who comes first: danger, then the longest wait, then the id so that it is certain."""
        return (-self.danger, self.since, str(self.id))

    def may_ask(self, staff_id: int, now: float) -> bool:
        """Return whether this person may be asked: for the first time, or after the pause."""
        # A moment still to come is of a clock that was set back since: it holds up nobody.
        return now >= self.asks_again_at(staff_id) or self.passed_at > now

    def asks_again_at(self, staff_id: int) -> float:
        """Return from when on this person may be asked."""
        times = self.passed_by.count(staff_id) if self.passed_by else 0
        return self.passed_at + AGAIN_AFTER_SECONDS * times if times else 0.0


@dataclass(frozen=True, slots=True)
class Specialist:
    """Somebody at the desk. `load` counts the contacts with them, `has_offer` an open offer.

    `leaves_at` is the end of the shift: what is theirs is finished, nothing new comes.
    """

    id: int
    state: str
    capacity: int
    load: int
    skills: tuple[Skill, ...]
    has_offer: bool = False
    free_since: float = 0.0
    leaves_at: float | None = None

    def is_free(self, now: float) -> bool:
        """Return whether an offer may come now."""
        return (
            self.state == DeskState.AVAILABLE
            and not self.has_offer
            and self.load < self.capacity
            and (self.leaves_at is None or now < self.leaves_at)
        )

    def fit(self, topic: str, language: str, now: float) -> int | None:
        """Return 0 where the training is for this topic, 1 for a general one, None for none.

        Who chose no topic can talk to anybody trained in the language, generalists first.
        """
        best: int | None = None
        for skill in self.skills:
            if skill.language != language or now >= skill.until:
                continue
            if skill.topic == topic:
                return 0
            if not skill.topic or not topic:
                best = 1
        return best

    def breadth(self, now: float) -> int:
        """Return in how many languages this person may serve."""
        return len({skill.language for skill in self.skills if now < skill.until})


class Because(StrEnum):
    """Why an offer was made; routing.words says it to people."""

    DANGER = "danger"
    LONGEST_WAIT = "longest_wait"
    NEXT_THAT_FITS = "next_that_fits"
    TRAINED_FOR_TOPIC = "trained_for_topic"
    TRAINED_IN_LANGUAGE = "trained_in_language"
    ONLY_ONE_FREE = "only_one_free"
    FEWEST_CONTACTS = "fewest_contacts"
    OTHERS_SPEAK_MORE = "others_speak_more"
    FREE_LONGEST = "free_longest"
    ASKED_ANEW = "asked_anew"
    COLLEAGUE_ASKS = "colleague_asks"


@dataclass(frozen=True, slots=True)
class Offer:
    """That a contact is to be offered to a specialist."""

    contact_id: Hashable
    staff_id: int
    because: tuple[Because, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    specialist: Specialist
    passes: int
    fit: int
    breadth: int

    @property
    def key(self) -> tuple[int, int, int, int, float, int]:
        who = self.specialist
        return (self.passes, self.fit, who.load, self.breadth, who.free_since, who.id)


def decide(
    waiting: Iterable[Waiting], specialists: Iterable[Specialist], now: float
) -> list[Offer]:
    """Return the offers to be made now, at most one for each contact and each person."""
    free = [who for who in specialists if who.is_free(now)]
    if not free:
        return []
    offers: list[Offer] = []
    skipped = False
    for contact in sorted(waiting, key=lambda contact: contact.order):
        ranked = _candidates(contact, free, now)
        if not ranked:
            skipped = True
            continue
        offers.append(_offer(contact, ranked, skipped=skipped))
        free.remove(ranked[0].specialist)
        if not free:
            break
    return offers


def _candidates(contact: Waiting, free: Sequence[Specialist], now: float) -> list[_Candidate]:
    found = []
    for who in free:
        fit = who.fit(contact.topic, contact.language, now)
        if fit is not None and contact.may_ask(who.id, now):
            passes = contact.passed_by.count(who.id) if contact.passed_by else 0
            found.append(_Candidate(who, passes, fit, who.breadth(now)))
    if len(found) > 1:
        found.sort(key=lambda candidate: candidate.key)
    return found


def _offer(contact: Waiting, ranked: Sequence[_Candidate], *, skipped: bool) -> Offer:
    chosen = ranked[0]
    because = [Because.NEXT_THAT_FITS if skipped else Because.LONGEST_WAIT]
    if contact.danger:
        because = [Because.DANGER]
    exact = chosen.fit == 0 and contact.topic
    because.append(Because.TRAINED_FOR_TOPIC if exact else Because.TRAINED_IN_LANGUAGE)
    because.append(_why_them(ranked))
    if chosen.passes:
        because.append(Because.ASKED_ANEW)
    return Offer(contact.id, chosen.specialist.id, tuple(because))


def _why_them(ranked: Sequence[_Candidate]) -> Because:
    """Return what set the first apart from the second, beyond training and earlier answers."""
    if len(ranked) == 1:
        return Because.ONLY_ONE_FREE
    first, second = ranked[0], ranked[1]
    if first.specialist.load < second.specialist.load:
        return Because.FEWEST_CONTACTS
    if first.breadth < second.breadth:
        return Because.OTHERS_SPEAK_MORE
    return Because.FREE_LONGEST


class Next(StrEnum):
    """What happens next to a contact that waits and isn't offered; nobody waits without one."""

    OFFER_NOW = "offer_now"  # somebody who fits is free: at the next look
    ASK_ANEW = "ask_anew"  # whoever is free has passed it on: asked again at a moment
    WHEN_FREE = "when_free"  # trained people are at the desk with their hands full
    WHEN_BACK = "when_back"  # trained people are on a break or finish a record
    SUPERVISOR = "supervisor"  # nobody trained is at the desk: a supervisor assigns or takes it


@dataclass(frozen=True, slots=True)
class NextStep:
    """The named next step, and from when on where that is known."""

    kind: Next
    at: float | None = None


def next_step(contact: Waiting, specialists: Iterable[Specialist], now: float) -> NextStep:
    """Return what happens next to a contact that nobody is being asked about."""
    trained = [
        who
        for who in specialists
        if who.fit(contact.topic, contact.language, now) is not None
        and (who.leaves_at is None or now < who.leaves_at)
    ]
    free = [who for who in trained if who.is_free(now)]
    if free:
        if any(contact.may_ask(who.id, now) for who in free):
            return NextStep(Next.OFFER_NOW)
        return NextStep(Next.ASK_ANEW, min(contact.asks_again_at(who.id) for who in free))
    if any(who.state == DeskState.AVAILABLE for who in trained):
        return NextStep(Next.WHEN_FREE)
    if any(who.state in RETURNING for who in trained):
        return NextStep(Next.WHEN_BACK)
    return NextStep(Next.SUPERVISOR)
