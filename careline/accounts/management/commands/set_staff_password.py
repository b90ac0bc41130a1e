"""``careline set-staff-password NAME``: a new password for somebody who lost theirs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from careline.accounts.actions import generate_password, remove_second_step, set_staff_password
from careline.accounts.models import Staff


class Command(BaseCommand):
    """Generate a password, set it, and print it once."""

    help = "Give a member of staff a new, generated password; their open sessions end."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the sign-in name."""
        parser.add_argument("name", help="the sign-in name")
        parser.add_argument(
            "--without-second-step",
            action="store_true",
            help="also remove the authenticator app, for somebody who lost the phone and the codes",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Set the password and print it."""
        staff = Staff.objects.filter(username=options["name"]).first()
        if staff is None:
            raise CommandError(f"Nobody signs in as {options['name']}.")
        password = generate_password()
        with transaction.atomic():
            set_staff_password(staff, password, acting_user=None)
            if options["without_second_step"]:
                remove_second_step(staff, acting_user=None)
        self.stdout.write(f"{staff.username}  {password}   (shown once, now)")
