"""Asking for offers as soon as what was just written is there for everybody to see."""

import logging

from django.db import DatabaseError, transaction

from careline.core.events import Event, log


def route_soon() -> None:
    """Make the offers that are possible now, once the transaction under way has committed.

    A failure is logged and no more: the worker looks again within seconds.
    """
    transaction.on_commit(_route)


def _route() -> None:
    from careline.contacts.routing import run  # Inside: it asks presence, which asks this.

    try:
        run.route()
    except DatabaseError as error:
        log(Event.ROUTING_FAILED, level=logging.WARNING, error=type(error).__name__)
