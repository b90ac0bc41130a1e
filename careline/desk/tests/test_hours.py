"""The screen of opening hours: who may, what is refused in words, what is kept."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from careline.accounts.models import Staff
from careline.accounts.tests.factories import client_of
from careline.contacts import hours, opening_actions, opening_rows
from careline.contacts.hours import Reason
from careline.contacts.opening_models import EarlyClosing, OneOff, OpeningHours
from careline.core import clock

PAGE = "/desk/hours/"
WRITES = ["desk:close_now", "desk:open_again", "desk:week", "desk:one_off"]
MONDAY = dt.datetime(2026, 11, 9, 18, 0, tzinfo=dt.UTC)
ONE_OFF = {
    "kind": "closing",
    "first": "2026-11-10",
    "starts": "",
    "last": "",
    "ends": "",
    "reason_en": "Staff training.",
    "reason_es": "Capacitación.",
}


@pytest.fixture
def supervising(susan: Staff) -> Client:
    return client_of(susan)


def week(**given: str) -> dict[str, str]:
    names = [f"day{day}_{end}{n}" for day in range(7) for n in (0, 1) for end in ("from", "to")]
    return {name: given.get(name, "") for name in names}


def test_it_is_for_supervisors_only(at_desk: Client, client: Client, db: None) -> None:
    assert at_desk.get(PAGE).status_code == 403
    assert client.get(PAGE).headers["Location"].startswith("/staff/sign-in/")
    for name in WRITES:
        assert at_desk.post(reverse(name)).status_code == 403
        assert client.post(reverse(name)).status_code == 302
    assert at_desk.post(reverse("desk:one_off_remove", args=[1])).status_code == 403
    assert not EarlyClosing.objects.exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (week(day0_from0="07:00"), "from when and until when"),
        (week(day0_from0="seven", day0_to0="08:00"), "hours and minutes"),
        (
            week(day0_from0="08:00", day0_to0="12:00", day0_from1="11:00", day0_to1="13:00"),
            "after the first has ended",
        ),
    ],
)
def test_impossible_hours_are_refused_in_words(
    supervising: Client, given: dict[str, str], words: str
) -> None:
    response = supervising.post(reverse("desk:week"), given)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not OpeningHours.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"first": ""}, "Choose a day."),
        ({"first": "2026-11-01"}, "That time is over."),
        ({"last": "2026-11-09"}, "The end is before the start."),
        ({"last": "2028-11-09"}, "a year or less"),
        ({"kind": "opening"}, "from when until when chat is open"),
        ({"reason_es": ""}, "in each language"),
    ],
)
def test_an_impossible_one_off_is_refused_and_keeps_what_was_typed(
    supervising: Client, changed: dict[str, str], words: str
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        response = supervising.post(reverse("desk:one_off"), {**ONE_OFF, **changed})
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert "Staff training." in page
    assert not OneOff.objects.exists()


def test_the_week_is_kept_with_breaks_nights_and_closed_days(supervising: Client) -> None:
    given = week(
        day0_from0="07:00",
        day0_to0="12:00",
        day0_from1="13:00",
        day0_to1="00:00",
        day5_from0="22:00",
        day5_to0="02:00",
    )
    supervising.post(reverse("desk:week"), given)
    kept = opening_rows.current().week
    assert kept == ("07:00-12:00 13:00-24:00", "", "", "", "", "22:00-02:00", "")
    assert 'value="13:00"' in supervising.get(PAGE).content.decode()
    supervising.post(reverse("desk:week"), {"settings": "yes"})
    assert opening_rows.current().week[1] == "07:00-18:30"


def test_whole_days_and_pieces_of_days_can_be_closed(supervising: Client) -> None:
    with time_machine.travel(MONDAY, tick=False):
        supervising.post(reverse("desk:one_off"), ONE_OFF)
        piece = {**ONE_OFF, "first": "2026-11-12", "starts": "12:00", "ends": "14:30"}
        supervising.post(reverse("desk:one_off"), piece)
        spans = [row.ends_at - row.starts_at for row in OneOff.objects.all()]
        assert spans == [dt.timedelta(hours=24), dt.timedelta(hours=2.5)]
        tuesday = hours.scheduled(MONDAY + dt.timedelta(days=1))
        assert (tuesday.reason, tuesday.words) == (Reason.ONE_OFF, "Staff training.")
        page = supervising.get(PAGE).content.decode()
        assert page.count("Take back") == 2
        remove = reverse("desk:one_off_remove", args=[OneOff.objects.all()[0].pk])
        supervising.post(remove)
        assert hours.scheduled(MONDAY + dt.timedelta(days=1)).chat_open


def test_a_holiday_can_be_opened_with_the_hours_of_its_weekday(supervising: Client) -> None:
    with time_machine.travel(MONDAY, tick=False):
        page = supervising.get(PAGE).content.decode()
        assert "?open=2026-11-26#one-off" in page
        filled = supervising.get(PAGE, {"open": "2026-11-26"}).content.decode()
        assert 'value="07:00"' in filled.partition('id="one-off"')[2]
        assert supervising.get(PAGE, {"open": "nonsense"}).status_code == 200


def test_close_now_and_open_again_lead_back_to_where_one_was(
    supervising: Client, susan: Staff
) -> None:
    form = {"reason_en": "Fire alarm.", "reason_es": "", "back": "/desk/wallboard/"}
    assert supervising.post(reverse("desk:close_now"), form).headers["Location"] == form["back"]
    assert hours.scheduled(clock.now()).reason is Reason.CLOSED_NOW
    page = supervising.get(PAGE).content.decode()
    assert "Fire alarm." in page
    assert "Close chat now" not in page
    elsewhere = {"back": "https://elsewhere.example/"}
    assert supervising.post(reverse("desk:open_again"), elsewhere).headers["Location"] == PAGE
    assert not EarlyClosing.objects.filter(opened_at=None).exists()


def test_who_closed_stands_on_the_screen(supervising: Client, susan: Staff) -> None:
    opening_actions.close_now(acting_user=susan)
    assert f"Closed by {susan.own_name}" in supervising.get(PAGE).content.decode()
