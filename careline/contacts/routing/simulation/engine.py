"""The clock that jumps from event to event, and the people who answer as routing says.

Everything that the live service does with offers happens here too: made by `decide`, accepted
after a moment, declined, missed and passed on, with the same pauses. Only time is virtual.
"""

import heapq
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from itertools import count

import numpy as np

from careline.contacts.enums import DeskState
from careline.contacts.routing.decide import (
    AGAIN_AFTER_SECONDS,
    Because,
    Offer,
    Skill,
    Specialist,
    Waiting,
    decide,
)
from careline.contacts.routing.simulation.plan import (
    SLOT_SECONDS,
    SLOTS_A_WEEK,
    Arrivals,
    Numbers,
    Plan,
)

OFFER_SECONDS = 30.0
Policy = Callable[[Iterable[Waiting], Iterable[Specialist], float], list[Offer]]


class Outcome(IntEnum):
    """What came of a simulated contact."""

    SERVED = 1
    ABANDONED = 2
    UNSERVED = 3


def first_come(
    waiting: Iterable[Waiting], specialists: Iterable[Specialist], now: float
) -> list[Offer]:
    """Return offers as a plain queue would make them: who came first, to whoever is first."""
    free = sorted((who for who in specialists if who.is_free(now)), key=lambda who: who.id)
    offers = []
    for contact in sorted(waiting, key=lambda contact: contact.since):
        for who in free:
            fits = who.fit(contact.topic, contact.language, now) is not None
            if fits and contact.may_ask(who.id, now):
                offers.append(Offer(contact.id, who.id, (Because.LONGEST_WAIT,)))
                free.remove(who)
                break
    return offers


@dataclass
class _Person:
    id: int
    skills: tuple[Skill, ...]
    load: int = 0
    offer: int = -1
    on_duty: bool = False
    free_since: float = 0.0


@dataclass(frozen=True)
class Run:
    """What happened to everybody: in the order of their arrival."""

    arrivals: Arrivals
    wait: Numbers  # until accepted or given up
    outcome: Numbers
    busy_seconds: float  # of conversations and finishing, over all people
    staffed_seconds: float  # of people there, times how many conversations each may have
    offers: int
    passed_on: int


class Simulation:
    """One run of a plan under one policy."""

    def __init__(self, plan: Plan, arrivals: Arrivals, policy: Policy = decide) -> None:
        self.plan, self.policy = plan, policy
        self.at = arrivals.at.tolist()
        self.service, self.patience = arrivals.service.tolist(), arrivals.patience.tolist()
        self.answer, self.temper = arrivals.answer.tolist(), arrivals.temper.tolist()
        self.arrivals = arrivals
        self.people = [_Person(n, plan.skills(n)) for n in range(max(plan.staffing, default=0))]
        self.free: dict[int, Specialist] = {}
        self.waiting: dict[int, Waiting] = {}
        self.offered: dict[int, tuple[Waiting, _Person]] = {}
        self.wait = np.zeros(len(arrivals))
        self.outcome = np.zeros(len(arrivals))
        self.busy = self.staffed = 0.0
        self.offers = self.passed_on = 0
        self._events: list[tuple[float, int, Callable[[float, int], None], int]] = []
        self._order = count()

    def run(self) -> Run:
        """Let everything happen, and return it."""
        self._plan_shifts()
        arrivals, number, total = self.at, 0, len(self.at)
        events = self._events
        while number < total or events:
            if number < total and (not events or arrivals[number] <= events[0][0]):
                self._arrive(arrivals[number], number)
                number += 1
            else:
                now, _order, what, which = heapq.heappop(events)
                what(now, which)
        for left in (*self.waiting, *self.offered):
            self.outcome[left] = Outcome.UNSERVED
        return Run(
            self.arrivals,
            self.wait,
            self.outcome,
            self.busy,
            self.staffed,
            self.offers,
            self.passed_on,
        )

    def _at(self, moment: float, what: Callable[[float, int], None], which: int) -> None:
        heapq.heappush(self._events, (moment, next(self._order), what, which))

    # Shifts.

    def _plan_shifts(self) -> None:
        staffing, before = self.plan.staffing, 0
        for slot in range(self.plan.weeks * SLOTS_A_WEEK):
            people = staffing[slot % SLOTS_A_WEEK]
            # Who is there at closing time stays for another half hour.
            wanted = people or staffing[(slot - 1) % SLOTS_A_WEEK] if slot else people
            if wanted != before:
                self._at(slot * float(SLOT_SECONDS), self._shift, wanted)
                before = wanted
            self.staffed += people * self.plan.capacity * SLOT_SECONDS

    def _shift(self, now: float, wanted: int) -> None:
        for person in self.people:
            on_duty = person.id < wanted
            if on_duty != person.on_duty:
                # Who leaves finishes what is theirs; nothing new comes.
                person.on_duty, person.free_since = on_duty, now
                self._changed(person)
        if not wanted:
            self._close(now)
        self._route(now)

    def _close(self, now: float) -> None:
        for number in list(self.waiting):
            self._leave(now, number, Outcome.UNSERVED)

    def _changed(self, person: _Person) -> None:
        has_room = person.load < self.plan.capacity and person.offer < 0
        if not person.on_duty or not has_room:
            self.free.pop(person.id, None)
            return
        self.free[person.id] = Specialist(
            id=person.id,
            state=DeskState.AVAILABLE,
            capacity=self.plan.capacity,
            load=person.load,
            skills=person.skills,
            free_since=person.free_since,
        )

    # Contacts.

    def _arrive(self, now: float, number: int) -> None:
        language, danger = self.arrivals.language[number], self.arrivals.danger[number]
        self.waiting[number] = Waiting(number, "", language, danger, now)
        if not math.isinf(self.patience[number]):
            self._at(now + self.patience[number], self._give_up, number)
        self._route(now)

    def _give_up(self, now: float, number: int) -> None:
        if number in self.waiting:
            self._leave(now, number, Outcome.ABANDONED)
        elif number in self.offered:
            _contact, person = self.offered.pop(number)
            person.offer = -1
            self._changed(person)
            self.wait[number], self.outcome[number] = now - self.at[number], Outcome.ABANDONED
            self._route(now)

    def _leave(self, now: float, number: int, outcome: Outcome) -> None:
        del self.waiting[number]
        self.wait[number], self.outcome[number] = now - self.at[number], outcome

    def _route(self, now: float, _which: int = 0) -> None:
        if not self.waiting or not self.free:
            return
        for offer in self.policy(self.waiting.values(), self.free.values(), now):
            self._offer(now, int(str(offer.contact_id)), self.people[offer.staff_id])

    def _offer(self, now: float, number: int, person: _Person) -> None:
        self.offers += 1
        contact = self.waiting.pop(number)
        person.offer = number
        self.offered[number] = (contact, person)
        self.free.pop(person.id, None)
        if contact.passed_by:
            self._accept_after(now, number)
        elif self.temper[number] < self.plan.missed_share:
            self._at(now + OFFER_SECONDS, self._pass_on, number)
        elif self.temper[number] < self.plan.missed_share + self.plan.declined_share:
            self._at(now + self.answer[number], self._pass_on, number)
        else:
            self._accept_after(now, number)

    def _accept_after(self, now: float, number: int) -> None:
        if self.answer[number]:
            self._at(now + self.answer[number], self._accept, number)
        else:
            self._accept(now, number)

    def _pass_on(self, now: float, number: int) -> None:
        if number not in self.offered:
            return
        self.passed_on += 1
        contact, person = self.offered.pop(number)
        person.offer = -1
        self._changed(person)
        passed_by = (*contact.passed_by, person.id)
        self.waiting[number] = Waiting(
            number, "", contact.language, contact.danger, contact.since, passed_by, now
        )
        self._at(now + AGAIN_AFTER_SECONDS * len(passed_by), self._route, 0)
        self._route(now)

    def _accept(self, now: float, number: int) -> None:
        if number not in self.offered:
            return
        _contact, person = self.offered.pop(number)
        person.offer, person.load = -1, person.load + 1
        self.wait[number], self.outcome[number] = now - self.at[number], Outcome.SERVED
        self.busy += self.service[number] + self.plan.after_call_seconds
        self._changed(person)
        self._at(now + self.service[number], self._end, person.id)

    def _end(self, now: float, who: int) -> None:
        if self.plan.after_call_seconds:
            self._at(now + self.plan.after_call_seconds, self._free, who)
        else:
            self._free(now, who)

    def _free(self, now: float, who: int) -> None:
        person = self.people[who]
        person.load, person.free_since = person.load - 1, now
        self._changed(person)
        self._route(now)


def simulate(plan: Plan, arrivals: Arrivals, policy: Policy = decide) -> Run:
    """Run a plan from beginning to end."""
    return Simulation(plan, arrivals, policy).run()
