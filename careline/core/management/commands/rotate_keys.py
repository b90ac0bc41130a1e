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
            help="Say what only lost keys could open; with --yes delete it for good.",
        )
        parser.add_argument(
            "--yes", action="store_true", help="With --forget-lost: really delete it."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do one of the four."""
        if options["print_key"]:
            self.stdout.write(keys.new_key())
            return
        if options["forget_lost"]:
            self._forget_lost(really=options["yes"])
            return
        try:
            self._drop_old() if options["drop_old"] else self._rotate()
        except rotation.KeysMissing as missing:
            raise CommandError(
                f"These keys are missing: {missing}. Put them back before you make a new one."
            ) from None
        except keys.KeysGone as gone:
            raise CommandError(str(gone)) from None

    def _forget_lost(self, *, really: bool) -> None:
        missing = ", ".join(rotation.missing_keys()) or "none"
        self.stdout.write(f"Missing keys: {missing}")
        counts = rotation.forget_lost() if really else rotation.count_lost()
        for what, count in counts.items():
            self.stdout.write(f"{what}: {count} {'deleted' if really else 'only they could open'}")
        if not really:
            self.stdout.write("Nothing was deleted. If no backup has these keys either, add --yes.")

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
        if seconds := rotation.seconds_until_everybody_knows():
            raise CommandError(
                "Other processes may still seal with an older key. "
                f"Do this again in {seconds} seconds."
            )
        if left := rotation.outdated():
            raise CommandError(f"Older keys still seal {left} rows: run `careline rotate-keys`.")
        dropped = rotation.drop_old_keys()
        if keys.come_from_environment():
            self.stdout.write("Leave only the first key in ENCRYPTION_KEYS now.")
        else:
            self.stdout.write(f"{dropped} old keys dropped.")
