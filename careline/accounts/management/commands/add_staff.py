"""``careline add-staff NAME --role ROLE``: how an administrator makes a member of staff."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from careline.accounts.actions import (
    Training,
    create_staff,
    generate_password,
    set_competencies,
)
from careline.accounts.enums import Role


class Command(BaseCommand):
    """Make one person with roles and languages, and print a password once."""

    help = "Make a member of staff; a generated password is printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take name, roles, alias, languages and the end of the certification."""
        parser.add_argument("name", help="the sign-in name")
        parser.add_argument(
            "--role", action="append", required=True, choices=Role.values, help="may be repeated"
        )
        parser.add_argument("--alias", default="", help="the name that visitors see")
        parser.add_argument("--title", default="", help="the professional title")
        parser.add_argument(
            "--language",
            action="append",
            default=[],
            choices=[code for code, _name in settings.LANGUAGES],
            help="trained to serve in; may be repeated",
        )
        parser.add_argument(
            "--certified-until",
            type=dt.date.fromisoformat,
            help="YYYY-MM-DD; needed with --language",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the person or say what is wrong."""
        if options["language"] and not options["certified_until"]:
            raise CommandError("Say until when the training is certified: --certified-until.")
        password = generate_password()
        try:
            with transaction.atomic():
                self._make(password, options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{options['name']}  {password}   (shown once, now)")

    def _make(self, password: str, options: dict[str, Any]) -> None:
        staff = create_staff(
            username=options["name"],
            password=password,
            roles=[Role(role) for role in options["role"]],
            alias=options["alias"],
            professional_title=options["title"],
            acting_user=None,
        )
        until = options["certified_until"]
        trainings = [Training("", language, until) for language in options["language"]]
        set_competencies(staff, trainings, acting_user=None)
