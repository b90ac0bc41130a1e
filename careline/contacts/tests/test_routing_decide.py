"""Who is offered what: refusals first, then the order, then what holds for any input."""

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from careline.contacts.enums import DeskState
from careline.contacts.routing.decide import (
    AGAIN_AFTER_SECONDS,
    Because,
    Next,
    Skill,
    Specialist,
    Waiting,
    decide,
    next_step,
)

NOW = 1_000_000.0
LATER = NOW + 1e6


def contact(number: int = 1, **given: Any) -> Waiting:
    fields = {"topic": "liver", "language": "en", "danger": 0, "since": NOW - 60, **given}
    return Waiting(number, **fields)


def person(number: int = 1, *skills: tuple[str, str], **given: Any) -> Specialist:
    known = tuple(Skill(topic, language, LATER) for topic, language in skills or [("", "en")])
    fields = {"state": DeskState.AVAILABLE, "capacity": 2, "load": 0, "skills": known, **given}
    return Specialist(number, **fields)


def pairs(waiting: list[Waiting], people: list[Specialist]) -> list[tuple[object, int]]:
    return [(offer.contact_id, offer.staff_id) for offer in decide(waiting, people, NOW)]


class TestNobodyIsAsked:
    def test_who_is_on_a_break_finishing_or_away(self) -> None:
        for state in set(DeskState) - {DeskState.AVAILABLE}:
            assert pairs([contact()], [person(state=state)]) == []

    def test_whose_certification_has_expired(self) -> None:
        expired = person(skills=(Skill("", "en", NOW),))
        assert pairs([contact()], [expired]) == []

    def test_who_is_trained_for_another_topic_or_language(self) -> None:
        assert pairs([contact()], [person(1, ("tobacco", "en")), person(2, ("liver", "es"))]) == []

    def test_whose_hands_are_full_who_has_an_offer_or_whose_shift_is_over(self) -> None:
        busy = [person(1, load=2), person(2, has_offer=True), person(3, leaves_at=NOW)]
        assert pairs([contact()], busy) == []

    def test_who_has_just_passed_it_on(self) -> None:
        just = contact(passed_by=(1,), passed_at=NOW - 10)
        assert pairs([just], [person(1)]) == []
        assert pairs([just], [person(1), person(2, load=1)]) == [(1, 2)]


class TestTheOrder:
    def test_danger_goes_first_and_then_the_longest_wait(self) -> None:
        queue = [
            contact(1, since=NOW - 900),
            contact(2, since=NOW - 5, danger=3),
            contact(3, since=NOW - 950),
        ]
        people = [person(1), person(2, free_since=1.0)]
        assert pairs(queue, people) == [(2, 1), (3, 2)]

    def test_one_who_waits_for_a_language_holds_up_nobody(self) -> None:
        queue = [contact(1, language="es", since=NOW - 900), contact(2)]
        [offer] = decide(queue, [person()], NOW)
        assert (offer.contact_id, offer.because[0]) == (2, Because.NEXT_THAT_FITS)

    def test_training_for_the_topic_goes_before_a_lighter_load(self) -> None:
        people = [person(1, ("", "en")), person(2, ("liver", "en"), load=1)]
        [offer] = decide([contact()], people, NOW)
        assert offer.staff_id == 2
        assert Because.TRAINED_FOR_TOPIC in offer.because

    def test_who_speaks_more_languages_is_kept_free_for_those_who_need_them(self) -> None:
        both, one = person(1, ("", "en"), ("", "es")), person(2, ("", "en"))
        assert pairs([contact()], [both, one]) == [(1, 2)]
        assert pairs([contact(1), contact(2, language="es")], [both, one]) == [(1, 2), (2, 1)]

    def test_who_chose_no_topic_can_talk_to_anybody_in_their_language(self) -> None:
        nothing = contact(topic="")
        assert pairs([nothing], [person(1, ("liver", "en"))]) == [(1, 1)]
        assert pairs([nothing], [person(1, ("liver", "en")), person(2)]) == [(1, 2)]

    def test_who_passed_it_on_is_asked_anew_later_each_time_a_longer_pause(self) -> None:
        once = contact(passed_by=(1,), passed_at=NOW - AGAIN_AFTER_SECONDS)
        [offer] = decide([once], [person(1)], NOW)
        assert Because.ASKED_ANEW in offer.because
        twice = contact(passed_by=(1, 1), passed_at=NOW - AGAIN_AFTER_SECONDS)
        assert pairs([twice], [person(1)]) == []


class TestTheNextStep:
    def test_every_situation_has_a_name(self) -> None:
        def kind(*people: Specialist, **given: Any) -> Next:
            return next_step(contact(**given), people, NOW).kind

        assert kind() is Next.SUPERVISOR
        assert kind(person(1, ("", "es"))) is Next.SUPERVISOR
        assert kind(person(state=DeskState.AWAY)) is Next.SUPERVISOR
        assert kind(person(state=DeskState.BREAK)) is Next.WHEN_BACK
        assert kind(person(load=2)) is Next.WHEN_FREE
        assert kind(person()) is Next.OFFER_NOW
        assert kind(person(), passed_by=(1,), passed_at=NOW) is Next.ASK_ANEW


LANGUAGES, TOPICS = st.sampled_from(["en", "es"]), st.sampled_from(["", "liver", "tobacco"])
SECONDS = st.floats(NOW - 500, NOW + 500)
SKILLS = st.lists(st.builds(Skill, TOPICS, LANGUAGES, SECONDS), max_size=3).map(tuple)
PEOPLE = st.lists(
    st.builds(
        Specialist,
        id=st.integers(1, 6),
        state=st.sampled_from(list(DeskState)),
        capacity=st.integers(1, 3),
        load=st.integers(0, 3),
        skills=SKILLS,
        has_offer=st.booleans(),
        free_since=SECONDS,
        leaves_at=st.none() | SECONDS,
    ),
    max_size=6,
    unique_by=lambda who: who.id,
)
QUEUE = st.lists(
    st.builds(
        Waiting,
        id=st.integers(1, 9),
        topic=TOPICS,
        language=LANGUAGES,
        danger=st.integers(0, 4),
        since=SECONDS,
        passed_by=st.lists(st.integers(1, 6), max_size=3).map(tuple),
        passed_at=SECONDS,
    ),
    max_size=8,
    unique_by=lambda contact: contact.id,
)


@settings(max_examples=150, deadline=None)
@given(QUEUE, PEOPLE, st.randoms(use_true_random=False))
def test_what_holds_for_every_queue_and_every_desk(
    queue: list[Waiting], people: list[Specialist], shuffle: random.Random
) -> None:
    offers = decide(queue, people, NOW)
    waits = {contact.id: contact for contact in queue}
    staff = {who.id: who for who in people}
    # One offer for each, and only to people who may have it.
    assert len({offer.contact_id for offer in offers}) == len(offers)
    assert len({offer.staff_id for offer in offers}) == len(offers)
    for offer in offers:
        who, asked = staff[offer.staff_id], waits[offer.contact_id]
        assert who.is_free(NOW)
        assert any(skill.language == asked.language and skill.until > NOW for skill in who.skills)
        assert asked.may_ask(who.id, NOW)
        assert len(offer.because) >= 3
    # Nobody is left waiting whom somebody free could serve, and nobody is passed over.
    idle = [who for who in people if who.id not in {offer.staff_id for offer in offers}]
    offered = {offer.contact_id for offer in offers}
    for contact_ in queue:
        if contact_.id in offered:
            continue
        assert decide([contact_], idle, NOW) == []
        for offer in offers:
            if waits[offer.contact_id].order > contact_.order:
                assert decide([contact_], [staff[offer.staff_id]], NOW) == []
    # The order in which they are given changes nothing.
    shuffle.shuffle(queue)
    shuffle.shuffle(people)
    assert decide(queue, people, NOW) == offers
    # Each who isn't asked about has a named next step; "now" is true exactly when it is.
    for contact_ in queue:
        step = next_step(contact_, people, NOW)
        assert (step.kind is Next.OFFER_NOW) == bool(decide([contact_], people, NOW))
