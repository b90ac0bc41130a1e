"""``careline rotate-keys``: a new key for what people said, while the service runs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from careline.core.sealing import keys, rotation


class Command(BaseCommand):
    """Make a new key, seal everything anew with it, and keep the old one until `--drop-old`."""

    help = "Seal everything anew with a new encryption key."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the choices."""
        ways = parser.add_mutually_exclusive_group()
        ways.add_argument(
            "--drop-old", action="store_true", help="Forget the keys that seal nothing any more."
        )
        ways.add_argument(
            "--print-key", action="store_true", help="Print a fresh key and change nothing."
        )

        ways.add_argument(
            "--forget-lost",
            action="store_true",
            help="Delete for good what only lost keys could open, so that the service can go on.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do one of the four."""
        if options["print_key"]:
            self.stdout.write(keys.new_key())
            return
        if options["forget_lost"]:
            for what, count in rotation.forget_lost().items():
                self.stdout.write(f"{what}: {count} deleted")
            return
        try:
            self._drop_old() if options["drop_old"] else self._rotate()
        except rotation.KeysMissing as missing:
            raise CommandError(
                f"These keys are missing: {missing}. Put them back before you make a new one."
            ) from None

    def _rotate(self) -> None:
        rotation.check_keys()
        if not keys.come_from_environment():
            keys.keep([keys.new_key(), *keys.in_use()])
            self.stdout.write(f"A new key stands first in {keys.file()}.")
        for what, count in rotation.rotate().items():
            self.stdout.write(f"{what}: {count} sealed anew")
        self.stdout.write(
            "Backups made until now need the old key: keep a copy of it as long as of them. "
            "In a minute, `careline rotate-keys --drop-old` removes it here."
        )

    def _drop_old(self) -> None:
        if left := rotation.outdated():
            raise CommandError(f"Older keys still seal {left} rows: run `careline rotate-keys`.")
        dropped = rotation.drop_old_keys()
        if keys.come_from_environment():
            self.stdout.write("Leave only the first key in ENCRYPTION_KEYS now.")
        else:
            self.stdout.write(f"{dropped} old keys dropped.")
