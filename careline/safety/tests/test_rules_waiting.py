"""Nobody waits for the database to have danger assessed."""

import threading
import time

import pytest
from django.db import connection, transaction

from careline.safety import assess, rules_source

pytestmark = pytest.mark.django_db(transaction=True)


def test_another_thread_that_writes_holds_nobody_up() -> None:
    took: list[float] = []

    def first_message() -> None:
        began = time.monotonic()
        assess("I can't breathe")
        took.append(time.monotonic() - began)
        connection.close()

    rules_source.forget()
    with transaction.atomic():  # On SQLite this holds the only right to write.
        thread = threading.Thread(target=first_message)
        thread.start()
        thread.join(30)

    assert took
    assert took[0] < 10
