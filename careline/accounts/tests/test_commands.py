import datetime as dt
import re
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import CommandError, call_command

from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.accounts.tests.factories import PASSWORD, make_staff

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def password_in(printed: str) -> str:
    found = re.search(r"[a-z]+-[a-z]+-[a-z]+-\d{4}", printed)
    assert found
    return found[0]


class TestAddStaff:
    def test_a_role_that_doesnt_exist_is_refused(self) -> None:
        with pytest.raises(CommandError):
            run("add_staff", "dana", "--role", "surgeon")
        assert not Staff.objects.exists()

    def test_a_taken_name_is_refused_in_words(self) -> None:
        make_staff(username="dana")
        with pytest.raises(CommandError, match="already exists"):
            run("add_staff", "dana", "--role", "editor")

    def test_a_language_needs_the_end_of_its_certification(self) -> None:
        with pytest.raises(CommandError, match="--certified-until"):
            run("add_staff", "dana", "--role", "specialist", "--language", "es")
        assert not Staff.objects.exists()

    def test_it_makes_a_person_who_can_sign_in(self) -> None:
        arguments = "add_staff dana --role specialist --alias Dana --language es"
        printed = run(*arguments.split(), "--certified-until", "2030-01-31")
        staff = Staff.objects.get(username="dana")
        assert staff.check_password(password_in(printed))
        assert staff.has_role(Role.SPECIALIST)
        assert staff.competencies.get().certified_until == dt.date(2030, 1, 31)


class TestSetStaffPassword:
    def test_an_unknown_name_is_said_so(self) -> None:
        with pytest.raises(CommandError, match="Nobody signs in as nobody"):
            run("set_staff_password", "nobody")

    def test_the_printed_password_counts_and_the_second_step_stays(self) -> None:
        staff = make_staff(username="dana")
        TOTP.activate(staff, generate_totp_secret())
        password = password_in(run("set_staff_password", "dana"))
        staff.refresh_from_db()
        assert staff.check_password(password)
        assert not staff.check_password(PASSWORD)
        assert Authenticator.objects.filter(user=staff).exists()

    def test_a_lost_phone_is_forgotten_when_asked(self) -> None:
        staff = make_staff(username="dana")
        TOTP.activate(staff, generate_totp_secret())
        run("set_staff_password", "dana", "--without-second-step")
        assert not Authenticator.objects.filter(user=staff).exists()
