"""What the contacts department counts."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from prometheus_client.parser import text_string_to_metric_families

from careline.accounts.actions import Training, set_competencies
from careline.contacts import actions, presence
from careline.contacts.routing import run
from careline.contacts.tests.factories import make_specialist, open_chat
from careline.core import metrics

NOW = dt.datetime(2026, 11, 23, 16, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db(transaction=True)


def numbers() -> dict[str, float]:
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        " ".join([sample.name, *sorted(sample.labels.values())]): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_queue_the_offers_and_the_flags_are_counted_and_no_word_is_told() -> None:
    dana = make_specialist("Dana")
    set_competencies(dana, [Training("", "en", dt.date(2027, 1, 1))], acting_user=None)
    before = numbers()
    presence.set_accepting(acting_user=dana, accepting=True)
    contact = open_chat("my chest hurts and I can't breathe, says Rosa")
    open_chat("hello", language="es")
    with time_machine.travel(NOW + dt.timedelta(seconds=40), tick=False):
        presence.beat(acting_user=dana)
        run.tick()  # The offer lapses; Dana is asked anew later.
        told = metrics.text().decode()
        after = numbers()
        actions.accept(acting_user=dana, contact_id=contact.pk)
        accepted = numbers()

    def more(name: str) -> float:
        return after[name] - before.get(name, 0.0)

    assert after["careline_contacts chat waiting"] == 2
    assert after["careline_contacts callback waiting"] == 0
    assert after["careline_longest_wait_seconds chat"] == 40
    assert after["careline_staff_taking_contacts"] == 1
    assert more("careline_contact_events_total offered") == 1
    assert more("careline_contact_events_total offer_lapsed") == 1
    assert more("careline_contact_events_total visitor_message") == 2
    assert more("careline_danger_flags_total emergency") == 1
    assert more("careline_log_batch_seconds_count") == more("careline_log_batch_drafts_count") > 0
    assert accepted["careline_contacts assigned chat"] == 1
    assert "Rosa" not in told
    assert str(contact.pk) not in told
