"""``careline worker``: background tasks and the work that comes round."""

import logging
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections

from careline.core import metrics_http, periodic
from careline.core.events import Event, log

_PAUSE_SECONDS = 2.0


class Command(BaseCommand):
    """Run until stopped."""

    help = "Run background tasks and periodic work."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Start the periodic threads, then take tasks from the database."""
        periodic.start_threads()
        if settings.METRICS_WORKER_PORT:
            metrics_http.serve(settings.LISTEN_HOST, settings.METRICS_WORKER_PORT)
        while True:
            try:
                # Two seconds: each look takes SQLite's write lock for a moment.
                call_command("db_worker", interval=2, verbosity=0)
                return
            except DatabaseError as error:
                # Away for a moment, say restarted: a new process would take longer to come back.
                log(Event.TASK_FAILED, level=logging.ERROR, job="tasks", error=type(error).__name__)
                connections.close_all()
                time.sleep(_PAUSE_SECONDS)
