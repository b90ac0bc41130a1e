"""``careline demo-staff``: five people to try the service with, on a demonstration only."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from careline.accounts.actions import (
    Training,
    create_staff,
    generate_password,
    set_competencies,
    set_staff_password,
)
from careline.accounts.enums import Role
from careline.accounts.models import Staff
from careline.content.actions import grant_group_permissions
from careline.core import clock


@dataclass(frozen=True)
class Person:
    """A demonstration person; the sign-in name starts with the letter of the role."""

    username: str
    alias: str
    title: str
    role: Role
    languages: tuple[str, ...] = ()


PEOPLE = (
    Person("edith", "Edith", "Editor", Role.EDITOR),
    Person("ravi", "Ravi", "Medical reviewer (demonstration)", Role.MEDICAL_REVIEWER, ("en", "es")),
    Person("dana", "Dana", "Cancer information specialist", Role.SPECIALIST, ("en",)),
    Person("luis", "Luis", "Cancer information specialist", Role.SPECIALIST, ("en", "es")),
    Person("susan", "Susan", "Supervisor", Role.SUPERVISOR, ("en", "es")),
)
CERTIFIED_FOR = dt.timedelta(days=365)


class Command(BaseCommand):
    """Make the demonstration staff, or give them new passwords."""

    help = "Make an editor, a medical reviewer, two specialists and a supervisor (demonstration)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --reset."""
        parser.add_argument("--reset", action="store_true", help="give each of them a new password")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make who is missing; print each new password once."""
        if not settings.DEMONSTRATION_STAFF:
            raise CommandError(
                "Demonstration staff are only for demonstrations: these settings forbid them."
            )
        with transaction.atomic():
            passwords = self._passwords(reset=options["reset"])
            grant_group_permissions()
        self._report(passwords)

    def _passwords(self, *, reset: bool) -> dict[Person, str]:
        fresh = {}
        for person in PEOPLE:
            staff = Staff.objects.filter(username=person.username).first()
            if staff:
                _certify_anew(person, staff)
            if staff and not reset:
                continue
            fresh[person] = password = generate_password()
            if staff:
                set_staff_password(staff, password, acting_user=None)
            else:
                _make(person, password)
        return fresh

    def _report(self, passwords: dict[Person, str]) -> None:
        if not passwords:
            self.stdout.write(
                "The demonstration staff exist: " + ", ".join(p.username for p in PEOPLE) + "."
            )
            self.stdout.write("For new passwords: careline demo-staff --reset")
            return
        self.stdout.write("Demonstration staff. These passwords are shown once, now:")
        for person, password in passwords.items():
            self.stdout.write(f"  {person.username:<8} {password:<24} {person.role.label}")


def _make(person: Person, password: str) -> None:
    staff = create_staff(
        username=person.username,
        password=password,
        roles=[person.role],
        alias=person.alias,
        professional_title=person.title,
        acting_user=None,
    )
    _certify(person, staff)


def _certify_anew(person: Person, staff: Staff) -> None:
    """Give a demonstration that is older than its competencies new ones."""
    if person.languages and not staff.competencies.current().exists():
        _certify(person, staff)


def _certify(person: Person, staff: Staff) -> None:
    until = clock.today() + CERTIFIED_FOR
    trainings = [Training("", language, until) for language in person.languages]
    set_competencies(staff, trainings, acting_user=None)
