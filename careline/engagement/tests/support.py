"""A mailbox and a worker for the tests."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from careline.engagement import actions
from careline.engagement.models import NewsSubscription

ADDRESS = "rosa@example.org"
_WORKER: dict[str, Any] = {
    "queue_names": ["default"],
    "interval": 0,
    "batch": True,
    "backend_name": "default",
    "startup_delay": False,
    "max_tasks": None,
    "worker_id": "test",
    "excluded_queue_names": [],
}
Capture = Callable[..., AbstractContextManager[list[Callable[[], Any]]]]


class PostOffice:
    """Runs what an action leaves for the worker, and reads the mail that comes of it."""

    def __init__(self, capture: Capture) -> None:
        self._capture = capture

    def sign_up(self, address: str = ADDRESS, language: str = "en") -> list[EmailMessage]:
        """Sign up as the page does and return the mail that this made."""
        with self._capture(execute=True):
            actions.sign_up(address, language, acting_user=None)
        return self.deliver()

    def post(self, client: Client, path: str, data: dict[str, str]) -> Any:
        """Post a form and let everything that waits for the commit happen."""
        with self._capture(execute=True):
            return client.post(path, data)

    def deliver(self) -> list[EmailMessage]:
        """Run what waits in the queue as the worker does; return the new mail."""
        before = len(mail.outbox)
        worker = Worker(**_WORKER)
        # Not Worker.run(): between two tasks it renews the connection that the test rolls back.
        for task in DBTaskResult.objects.ready():
            task.claim(worker.worker_id)
            worker.run_task(task)
        return list(mail.outbox[before:])


def token_in(message: EmailMessage, step: str) -> str:
    """Return the token of the link to this step in a mail."""
    found = re.search(rf"/news/{step}/([^/\s]+)/", str(message.body))
    assert found, "the mail has no such link"
    return found[1]


def confirmed(post_office: PostOffice, address: str = ADDRESS) -> NewsSubscription:
    """Return the subscription of somebody who signed up and confirmed."""
    [message] = post_office.sign_up(address)
    return actions.confirm(token_in(message, "confirm"), acting_user=None)


def path(step: str, language: str = "en") -> str:
    """Return the path of a page of the list."""
    return f"/{language}/news/{step}"
