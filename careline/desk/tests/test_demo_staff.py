import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from careline.accounts.enums import Role
from careline.accounts.models import Competency, Staff

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("demo_staff", *arguments, stdout=out)
    return out.getvalue()


def passwords_in(printed: str) -> dict[str, str]:
    return dict(re.findall(r"^  (\w+)\s+([a-z]+-[a-z]+-[a-z]+-\d{4})", printed, re.MULTILINE))


def test_it_refuses_where_it_isnt_a_demonstration(settings: Settings) -> None:
    settings.DEMONSTRATION_STAFF = False
    with pytest.raises(CommandError, match="only for demonstrations"):
        run()
    assert not Staff.objects.exists()


def test_it_makes_five_people_who_can_sign_in(client: Client) -> None:
    passwords = passwords_in(run())
    roles = [staff.role_names for staff in Staff.objects.all()]
    assert sorted(role for held in roles for role in held) == sorted(
        [*Role.values, Role.SPECIALIST]
    )
    assert len(passwords) == 5
    for name, password in passwords.items():
        response = client.post("/staff/sign-in/", {"login": name, "password": password})
        place = response.headers["Location"]
        assert client.get(place).status_code == 200, name
        client.logout()
    assert Competency.objects.current().filter(language="es").exists()


def test_a_second_call_changes_nothing_and_says_how_to_reset() -> None:
    run()
    before = list(Staff.objects.order_by("pk").values_list("password", flat=True))
    printed = run()
    assert passwords_in(printed) == {}
    assert "--reset" in printed
    assert list(Staff.objects.order_by("pk").values_list("password", flat=True)) == before


def test_reset_gives_new_passwords() -> None:
    first = passwords_in(run())
    second = passwords_in(run("--reset"))
    assert set(first) == set(second)
    dana = Staff.objects.get(username="dana")
    assert not dana.check_password(first["dana"])
    assert dana.check_password(second["dana"])


def test_the_reviewer_can_sign_also_in_a_demonstration_made_before_competencies() -> None:
    run()
    reviewer = Staff.objects.get(username="ravi")
    assert {each.language for each in reviewer.competencies.current()} == {"en", "es"}
    Competency.objects.all().delete()
    run()
    assert reviewer.competencies.exists()
