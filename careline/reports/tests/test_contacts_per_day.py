import csv
import datetime as dt
import io
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from careline.accounts.enums import Role
from careline.accounts.tests.factories import client_of, make_staff
from careline.contacts import actions
from careline.contacts.actions import Record
from careline.contacts.enums import Channel
from careline.contacts.figures import Case
from careline.contacts.models import Contact
from careline.contacts.tests.factories import accepted_chat, open_chat
from careline.core import clock
from careline.reports.contacts_per_day import CSV_COLUMNS, rows, summed

CHICAGO = ZoneInfo("America/Chicago")
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
PATHS = ["/reports/", "/reports/contacts/", "/reports/contacts.csv"]
MOMENTS = st.datetimes(dt.datetime(2026, 3, 1), dt.datetime(2026, 3, 20), timezones=st.just(dt.UTC))


@st.composite
def arrivals(draw: st.DrawFn) -> Case:
    opened = draw(MOMENTS)
    waits = st.none() | st.timedeltas(dt.timedelta(0), dt.timedelta(hours=3))
    wait = draw(waits)
    ended = draw(st.booleans())
    return Case(
        channel=draw(st.sampled_from(Channel.values)),
        opened_at=opened,
        answered_at=None if wait is None else opened + wait,
        ended_at=opened + dt.timedelta(hours=4) if ended else None,
    )


@pytest.fixture
def supervisor(db: None) -> Client:
    return client_of(make_staff(Role.SUPERVISOR))


@pytest.mark.parametrize("path", PATHS)
def test_nobody_sees_it_without_signing_in(client: Client, path: str) -> None:
    assert client.get(path).headers["Location"].startswith("/staff/sign-in/")


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.EDITOR, Role.MEDICAL_REVIEWER])
def test_it_is_for_supervisors_only(path: str, role: Role) -> None:
    assert client_of(make_staff(role)).get(path).status_code == 403


@pytest.mark.parametrize("path", PATHS[1:])
@pytest.mark.parametrize(
    "query",
    [
        {"first": "2026-03-02", "last": "2026-03-01"},
        {"first": "1999-01-01", "last": "2026-03-01"},
        {"first": "yesterday"},
    ],
)
def test_an_impossible_period_is_refused_in_words(
    supervisor: Client, path: str, query: dict[str, str]
) -> None:
    response = supervisor.get(path, query)
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()


@given(st.lists(arrivals(), max_size=30))
def test_no_contact_is_lost_or_counted_twice(found: list[Case]) -> None:
    made = summed(found, CHICAGO, NOW, 60)
    assert sum(row.figures.opened for row in made) == len(found)
    assert sum(row.figures.answered for row in made) == sum(1 for case in found if case.answered_at)
    assert len({(row.day, row.channel) for row in made}) == len(made)
    for row in made:
        counts = row.figures
        if counts.median_wait is not None and counts.longest_wait is not None:
            assert 0 <= counts.median_wait <= counts.longest_wait


def test_a_day_is_the_services_day() -> None:
    late = dt.datetime(2026, 3, 3, 5, 30, tzinfo=dt.UTC)  # 11:30 pm on the 2nd in Chicago
    assert summed([Case("chat", late)], CHICAGO, NOW, 60)[0].day == dt.date(2026, 3, 2)


@pytest.mark.django_db
def test_both_ends_of_the_period_belong_to_it() -> None:
    for day in (1, 2, 3, 4):
        opened = dt.datetime(2026, 3, day, 23, 59, tzinfo=CHICAGO)
        Contact.objects.filter(pk=open_chat().pk).update(opened_at=opened)
    days = [row.day.day for row in rows(dt.date(2026, 3, 2), dt.date(2026, 3, 3))]
    assert days == [3, 2]


def test_an_empty_report_says_so(supervisor: Client) -> None:
    assert "No contacts on these days." in supervisor.get("/reports/contacts/").content.decode()


def test_the_page_shows_counts_waits_and_dispositions(supervisor: Client) -> None:
    contact, specialist = accepted_chat()
    opened = clock.now() - dt.timedelta(seconds=125)
    Contact.objects.filter(pk=contact.pk).update(
        opened_at=opened, answered_at=opened + dt.timedelta(seconds=125)
    )
    record = Record(disposition="answered")
    actions.wrap_up(acting_user=specialist, contact_id=contact.pk, record=record)
    page = supervisor.get("/reports/contacts/").content.decode()
    assert "2 min 05 s" in page
    assert "Answered" in page


def test_the_file_holds_numbers_and_nothing_that_anybody_wrote(supervisor: Client) -> None:
    open_chat("words that are nobody's business")
    response = supervisor.get("/reports/contacts.csv")
    assert response.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in response.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(response.content.decode())))
    assert tuple(lines[0]) == CSV_COLUMNS
    assert lines[1][1:] == ["chat", "1", "0", "0", "", "", "0", "0", "0", "", ""]
    assert "business" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1969-12-31"])
@pytest.mark.parametrize("path", ["/reports/contacts/", "/reports/contacts.csv"])
def test_a_day_at_the_end_of_the_calendar_has_a_reply(day: str, path: str) -> None:
    client = client_of(make_staff(Role.SUPERVISOR))

    assert client.get(path, {"first": day, "last": day}).status_code == 422
