"""``careline prepare``: make an installation ready to run."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from careline.core import preparation
from careline.core.sealing import keys, rotation


class Command(BaseCommand):
    """Migrate, collect static files, load every pack; with ``--staff`` demonstration staff too."""

    help = "Make the database, the static files and the content ready."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare ``--staff`` and ``--force``."""
        parser.add_argument("--staff", action="store_true", help="Make demonstration staff too.")
        parser.add_argument("--force", action="store_true", help="Do it even if nothing changed.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do what is missing, saying what it does."""
        with_staff = options["staff"] and settings.DEMONSTRATION_STAFF
        if preparation.is_prepared(with_staff=with_staff) and not options["force"]:
            self._check_keys()
            self.stdout.write("Everything is prepared.")
            return
        for folder in (settings.MEDIA_ROOT, settings.EMAIL_FILE_PATH):
            Path(folder).mkdir(parents=True, exist_ok=True)
        self._say("Making the database")
        call_command("migrate", verbosity=0, interactive=False)
        self._check_keys()
        self._say("Collecting the static files")
        call_command("collectstatic", verbosity=0, interactive=False)
        self._load_packs()
        if with_staff:
            call_command("demo_staff")
        preparation.remember_prepared(with_staff=with_staff)
        self._say("Prepared.")

    def _check_keys(self) -> None:
        """Stop before anything is written with a key that the other rows don't have."""
        try:
            rotation.check_keys()
        except rotation.KeysMissing as missing:
            raise CommandError(
                f"What people said is sealed with keys that aren't here ({missing}). Put "
                f"{keys.file()} back from your backup, or name all keys in ENCRYPTION_KEYS: "
                "docs/operations.md, Keys."
            ) from None

    def _load_packs(self) -> None:
        packs = sorted(file.parent for file in settings.PACKS_DIR.glob("*/pack.yaml"))
        if not packs:
            raise CommandError(
                f"There is no pack in {settings.PACKS_DIR}. Name the folder that holds your "
                "packs with CARELINE_PACKS."
            )
        # Safety's rules first: no page goes live before danger can be seen.
        for pack in sorted(packs, key=lambda folder: (folder.name != "safety", folder.name)):
            self._say(f"Loading the pack {pack.name}")
            call_command("load_pack", str(pack))
            if (pack / "resources.yaml").exists():
                call_command("load_resources", str(pack))

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
