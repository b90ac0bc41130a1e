"""The virtual clock: what can't be asked, theory's known values, and what every run keeps."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from careline.contacts.routing.simulation.engine import (
    Outcome,
    Simulation,
    first_come,
    simulate,
)
from careline.contacts.routing.simulation.erlang import Queue, expected, needed
from careline.contacts.routing.simulation.plan import (
    SLOTS_A_DAY,
    SLOTS_A_WEEK,
    Plan,
    Target,
    draw,
    open_slots,
    people_needed,
    staffed,
    weekly_rates,
)
from careline.contacts.routing.simulation.questions import choices, enough, stationary
from careline.contacts.routing.simulation.results import in_danger, occupancy, speaking, summary

HOURS = {str(day): "07:00-18:30" for day in range(5)}
TARGET = Target(0.8, 60.0)
PLAIN = Plan(
    rates=np.zeros(SLOTS_A_WEEK),
    weeks=1,
    answer_seconds=0.0,
    missed_share=0.0,
    declined_share=0.0,
    languages=(("en", 1.0),),
    danger_share=0.0,
)


def a_year(contacts: int, **given: object) -> Plan:
    plan = Plan(rates=weekly_rates(contacts, open_slots(HOURS)), weeks=52, bursts=2)
    plan = replace(plan, **given)  # type: ignore[arg-type]
    return replace(plan, staffing=staffed(plan, TARGET))


class TestWhatCantBeAsked:
    @pytest.mark.parametrize(
        ("option", "words"),
        [
            ("--need", "someday 10:00"),
            ("--need", "monday 25"),
            ("--need", "monday 10:15"),
            ("--target", "80"),
            ("--target", "0/60"),
            ("--contacts", "-5"),
            ("--service-minutes", "soon"),
            ("--patience-minutes", "-1"),
        ],
    )
    def test_words_that_mean_nothing_are_refused(self, option: str, words: str) -> None:
        with pytest.raises(CommandError, match="Say a"):
            call_command("simulate", f"{option}={words}")

    def test_a_closed_hour_needs_nobody(self, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("simulate", "--need=sunday 10:00")
        assert "Chat is closed then." in capsys.readouterr().out


class TestTheory:
    def test_erlang_c_gives_the_values_of_published_tables(self) -> None:
        # 10 Erlang on 14 servers, three minutes each, answered within 20 seconds.
        found = expected(Queue(100 / 1_800, 180.0, 14), 20.0)
        assert found.waits == pytest.approx(0.17413, abs=1e-5)
        assert found.mean_wait == pytest.approx(7.8359, abs=1e-3)
        assert found.service_level == pytest.approx(0.88835, abs=1e-5)

    def test_more_load_than_servers_never_settles_unless_people_give_up(self) -> None:
        assert expected(Queue(0.02, 100.0, 2), 20.0).mean_wait == math.inf
        impatient = expected(Queue(0.02, 100.0, 1, 50.0), 20.0)
        assert impatient.mean_wait < 50
        assert 0.5 < impatient.abandoned < 1

    def test_endless_patience_turns_erlang_a_into_c(self) -> None:
        patient = expected(Queue(0.009, 900.0, 10, 1e7), 60.0)
        endless = expected(Queue(0.009, 900.0, 10), 60.0)
        assert patient.mean_wait == pytest.approx(endless.mean_wait, rel=0.01)
        assert patient.service_level == pytest.approx(endless.service_level, abs=0.002)

    @settings(max_examples=40, deadline=None)
    @given(st.floats(0.5, 30), st.integers(1, 40), st.floats(60, 3_000))
    def test_what_holds_for_every_queue(self, load: float, servers: int, patience: float) -> None:
        queue = Queue(load / 900, 900.0, servers, patience)
        found = expected(queue, 60.0)
        for share in (found.waits, found.service_level, found.abandoned, found.occupancy):
            assert -1e-6 <= share <= 1 + 1e-6
        assert found.service_level <= 1 - found.abandoned + 1e-6
        more = expected(Queue(load / 900, 900.0, servers + 1, patience), 60.0)
        assert more.mean_wait <= found.mean_wait + 1e-6
        people = needed(queue, 60.0, 0.8)
        assert expected(replace(queue, servers=people), 60.0).service_level >= 0.8


class TestAgreement:
    # The big comparison is `careline simulate --check`; this one is small and quick.
    @pytest.mark.parametrize(("people", "load", "patience"), [(4, 0.6, math.inf), (8, 1.0, 480.0)])
    def test_waits_agree_with_theory_where_its_assumptions_hold(
        self, people: int, load: float, patience: float
    ) -> None:
        rate = load * people / PLAIN.service_seconds
        plan = stationary(replace(PLAIN, patience_seconds=patience), rate, people, 25_000)
        arrivals = draw(plan)
        run = simulate(plan, arrivals)
        drawn = Queue(
            len(arrivals) / float(arrivals.at[-1]), float(arrivals.service.mean()), people, patience
        )
        theory, found = expected(drawn, 60.0), summary(run, TARGET)
        assert found.mean_wait == pytest.approx(theory.mean_wait, rel=0.05)
        assert found.service_level == pytest.approx(theory.service_level, abs=0.02)
        assert found.abandoned == pytest.approx(theory.abandoned, abs=0.01)


class TestEveryRun:
    @settings(max_examples=12, deadline=None)
    @given(
        st.integers(1, 60),
        st.integers(1, 3),
        st.sampled_from([0.0, 6.0]),
        st.floats(0, 0.4),
        st.sampled_from([math.inf, 300.0]),
    )
    def test_nobody_is_lost_and_nobody_has_more_than_their_number(
        self, seed: int, capacity: int, answer: float, missed: float, patience: float
    ) -> None:
        plan = a_year(
            1_200,
            weeks=2,
            seed=seed,
            capacity=capacity,
            answer_seconds=answer,
            missed_share=missed,
            patience_seconds=patience,
        )
        simulation = Simulation(plan, draw(plan))
        run = simulation.run()
        assert (run.outcome > 0).all()
        assert (run.wait >= 0).all()
        assert not simulation.waiting
        assert not simulation.offered
        assert all(person.load == 0 and person.offer < 0 for person in simulation.people)
        given_up = run.outcome == Outcome.ABANDONED
        assert np.allclose(run.wait[given_up], run.arrivals.patience[given_up])

    def test_the_same_seed_tells_the_same_year(self) -> None:
        plan = a_year(3_000)
        one, two = (simulate(plan, draw(plan)) for _ in range(2))
        assert (one.wait == two.wait).all()
        assert (simulate(replace(plan, seed=2), draw(replace(plan, seed=2))).wait.sum()) > 0

    def test_routing_serves_danger_sooner_and_a_small_language_better_than_first_come(
        self,
    ) -> None:
        plan = a_year(100_000, weeks=6, bursts=0, danger_share=0.1)
        arrivals = draw(plan)
        routed, plain = simulate(plan, arrivals), simulate(plan, arrivals, first_come)
        danger, spanish = in_danger(routed), speaking(routed, "es")
        assert (
            summary(routed, TARGET, danger).mean_wait
            < 0.7 * summary(plain, TARGET, danger).mean_wait
        )
        assert (
            summary(routed, TARGET, spanish).mean_wait < summary(plain, TARGET, spanish).mean_wait
        )
        assert 0.3 < occupancy(routed) < 1


class TestHowManyPeople:
    def test_monday_at_ten(self) -> None:
        plan = a_year(40_000, capacity=1)
        slot = 0 * SLOTS_A_DAY + 20
        found = choices(plan, slot, TARGET, contacts=3_000)
        best = enough(found, TARGET)
        assert best is not None
        assert best.found.service_level >= TARGET.share
        assert abs(best.people - people_needed(plan, slot, TARGET)) <= 1
        waits = [choice.found.mean_wait for choice in found]
        assert waits == sorted(waits, reverse=True)

    def test_hours_over_midnight_are_open_on_both_days(self) -> None:
        is_open = open_slots({"0": "22:00-02:00"})
        assert [slot / 2 for slot in range(SLOTS_A_WEEK) if is_open(slot)] == [
            22 + half / 2 for half in range(8)
        ]


def test_the_command_tells_the_year_and_writes_it_down(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures, drawing = tmp_path / "year.json", tmp_path / "week.svg"
    call_command("simulate", contacts=1_500, json=figures, svg=drawing)
    said = capsys.readouterr().out
    assert "signs of danger" in said
    assert "Monday" in said
    policies = json.loads(figures.read_text())["policies"]
    assert set(policies) == {"Careline's routing", "First come, first served"}
    assert drawing.read_text().startswith("<svg")
