import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import translation

from careline.accounts.enums import Role
from careline.accounts.tests.factories import make_staff
from careline.contacts import presence
from careline.site.help import help_now, locale_tag

pytestmark = pytest.mark.django_db
CENTRAL = ZoneInfo("America/Chicago")
SUNDAY = dt.datetime(2026, 11, 8, 3, 0, tzinfo=CENTRAL)
MONDAY_DAWN = dt.datetime(2026, 11, 9, 5, 0, tzinfo=CENTRAL)
SATURDAY = dt.datetime(2026, 11, 7, 12, 0, tzinfo=CENTRAL)
MONDAY_NOON = dt.datetime(2026, 11, 9, 12, 0, tzinfo=CENTRAL)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("moment", "line"),
    [
        (MONDAY_DAWN, "Chat opens today at 7:00\u00a0am Central"),
        (SUNDAY, "Chat opens tomorrow at 7:00\u00a0am Central"),
        (SATURDAY, "Chat opens Monday at 7:00\u00a0am Central"),
    ],
)
def test_closed_chat_says_when_it_opens(moment: dt.datetime, line: str) -> None:
    with time_machine.travel(moment, tick=False):
        assert help_now().chat_line == line


def test_in_hours_with_nobody_there_nothing_is_promised() -> None:
    with time_machine.travel(MONDAY_NOON, tick=False):
        shown = help_now()

    assert not shown.chat_open
    assert shown.chat_line == "No specialist is free for chat right now"
    assert shown.chat_opens_iso == ""


def test_the_opening_time_carries_the_services_own_offset() -> None:
    with time_machine.travel(SATURDAY, tick=False):
        assert help_now().chat_opens_iso == "2026-11-09T07:00:00-06:00"


def test_spanish_reads_as_spanish() -> None:
    with time_machine.travel(SATURDAY, tick=False), translation.override("es"):
        shown = help_now()

    assert shown.chat_line.startswith("El chat abre el lunes a las 7:00")
    assert "hora del Centro" in shown.chat_line


def test_a_country_that_the_language_is_not_written_in_falls_back(settings: object) -> None:
    settings.CHAT_HOLIDAYS_COUNTRY = "XX"  # type: ignore[attr-defined]

    assert locale_tag() == "en"


def test_without_the_database_the_phone_is_left(client: Client) -> None:
    with connection.execute_wrapper(_down), translation.override("en"):
        shown = help_now()

    assert shown.phone == "1-800-555-0100"
    assert not shown.chat_open


def test_when_a_specialist_takes_contacts_chat_is_the_big_button(client: Client) -> None:
    dana = make_staff(Role.SPECIALIST, alias="Dana")
    with time_machine.travel(MONDAY_NOON, tick=False):
        presence.set_accepting(acting_user=dana, accepting=True)
        page = client.get("/en/").content.decode()

    assert "Chat is open until 6:30\u00a0pm Central" in page
    assert "Chat now" in page


def _down(*_arguments: object) -> None:
    from django.db import OperationalError

    raise OperationalError("the database is down")
