"""``careline worker``: background tasks and the work that comes round."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from careline.core import periodic


class Command(BaseCommand):
    """Run until stopped."""

    help = "Run background tasks and periodic work."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Start the periodic thread, then take tasks from the database."""
        periodic.start_thread()
        # Two seconds: each look takes SQLite's write lock for a moment.
        call_command("db_worker", interval=2, verbosity=0)
