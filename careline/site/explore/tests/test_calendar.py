import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from icalendar import Calendar

from careline.content.models import Regimen
from careline.site.explore.tests.conftest import withdraw

pytestmark = pytest.mark.django_db
STRIDE = "/en/look/calendar/durvalumab-tremelimumab/"
PLAN = "start=2026-12-01&durvalumab=0-2&tremelimumab=1-0&months=6"
TOGETHER = "/en/look/calendar/nivolumab-ipilimumab/"


@pytest.fixture(autouse=True)
def _in_november() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 23, 18, tzinfo=dt.UTC), tick=False):
        yield


def days_of(page: str) -> list[tuple[str, str]]:
    """Return (ISO day, medicines) of each visit in the table."""
    return re.findall(r'<time datetime="([\d-]+)">.*?<td role="cell">([^<]+)</td>', page, re.DOTALL)


@pytest.mark.parametrize("address", ["/en/look/calendar/", STRIDE, STRIDE + "visits.ics"])
def test_nothing_can_be_posted(client: Client, pack: None, address: str) -> None:
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", ["/en/look/calendar/", STRIDE, STRIDE + "visits.ics"])
def test_without_the_word_that_the_teams_dates_count_there_is_none(
    client: Client, pack: None, address: str
) -> None:
    withdraw("treatments")

    assert client.get(address).status_code == 404


def test_an_unknown_treatment_has_no_calendar(client: Client, pack: None) -> None:
    assert client.get("/en/look/calendar/aspirin/").status_code == 404


def test_a_treatment_that_does_not_say_when_is_not_offered(client: Client, pack: None) -> None:
    Regimen.objects.get(pk="durvalumab-tremelimumab").components.update(courses=[])

    assert client.get(STRIDE).status_code == 404
    assert STRIDE not in client.get("/en/look/calendar/").content.decode()


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("", "A day that you expect is fine too."),
        ("soon", "We couldn&#x27;t read this date."),
        ("2026-02-30", "We couldn&#x27;t read this date."),
        ("0001-01-01", "This date is years away."),
        ("9999-12-31", "This date is years away."),
        ("2062-12-01", "This date is years away."),
    ],
)
def test_a_bad_date_gets_kind_words(client: Client, pack: None, start: str, words: str) -> None:
    response = client.get(STRIDE, {"start": start, "durvalumab": "0-2", "tremelimumab": "1-0"})

    assert response.status_code == 200
    assert words in response.content.decode()
    assert not days_of(response.content.decode())


def test_a_file_without_a_plan_leads_back_to_the_form(client: Client, pack: None) -> None:
    response = client.get(STRIDE + "visits.ics?start=soon")

    assert (response.status_code, response["Location"]) == (302, STRIDE + "?start=soon")


def test_the_pace_is_asked_for_never_guessed(client: Client, pack: None) -> None:
    page = client.get(STRIDE + "?start=2026-12-01&months=6").content.decode()

    assert "Choose how often your care team plans to give tremelimumab." in page
    assert "one time only, on day 1" in page
    assert not days_of(page)


def test_stride_gives_tremelimumab_once_and_durvalumab_goes_on(client: Client, pack: None) -> None:
    page = client.get(f"{STRIDE}?{PLAN}").content.decode()

    assert days_of(page)[:3] == [
        ("2026-12-01", "durvalumab + tremelimumab"),
        ("2026-12-29", "durvalumab"),
        ("2027-01-26", "durvalumab"),
    ]
    assert "the dates from your care team are the ones that count" in page
    assert "Our sources differ" in page


def test_nivolumab_goes_on_at_its_own_pace_after_four_shared_visits(
    client: Client, pack: None
) -> None:
    page = client.get(TOGETHER + "?start=2026-12-01&nivolumab=0-0&months=6").content.decode()

    found = days_of(page)
    assert [drugs for _day, drugs in found[:5]] == ["nivolumab + ipilimumab"] * 4 + ["nivolumab"]
    assert found[4][0] == "2027-02-16"  # Two weeks after the last shared visit.
    assert "Our sources do not say how soon nivolumab goes on" in page


def test_every_treatment_of_the_pack_can_be_counted(client: Client, pack: None) -> None:
    page = client.get("/en/look/calendar/").content.decode()

    for regimen in Regimen.objects.all():
        assert f"/en/look/calendar/{regimen.pk}/" in page


def test_the_calendar_speaks_the_readers_language(client: Client, pack: None) -> None:
    page = client.get(f"/es{STRIDE[3:]}?{PLAN}").content.decode()

    assert "Diciembre" in page
    assert "una sola vez, el día 1" in page
    assert "las fechas que cuentan son las de su equipo médico" in page


def test_the_file_has_each_visit_as_a_whole_day(client: Client, pack: None) -> None:
    response = client.get(f"{STRIDE}visits.ics?{PLAN}")

    assert response["Content-Type"].startswith("text/calendar")
    assert "no-store" in response["Cache-Control"]
    events: list[Any] = list(Calendar.from_ical(response.content).walk("VEVENT"))
    assert [event["dtstart"].dt for event in events][:2] == [
        dt.date(2026, 12, 1),
        dt.date(2026, 12, 29),
    ]
    assert len(events) == 7
    assert len({event["uid"] for event in events}) == 7
    first = events[0]
    assert "durvalumab, tremelimumab" in first["description"]
    assert "your care team" in first["description"]
    # Others may see a calendar: its titles say no medicine.
    assert first["summary"] == "Treatment visit"


def test_the_same_plan_makes_the_same_file(client: Client, pack: None) -> None:
    one, other = (client.get(f"{STRIDE}visits.ics?{PLAN}").content for _ in range(2))

    assert one == other


def test_loading_the_pack_again_changes_no_course(
    pack: None, pages_to_look_at: object, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_pack", str(pages_to_look_at))

    assert "changed  " not in capsys.readouterr().out
