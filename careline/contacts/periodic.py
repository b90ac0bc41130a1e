"""Work of the contacts department that comes round."""

from careline.contacts import callbacks
from careline.contacts.routing import run
from careline.core.periodic import every


@every(seconds=5, urgent=True)
def offers_and_clocks() -> None:
    """Pass on, release, ask and end what time alone brings; make the offers that are possible."""
    run.tick()


@every(seconds=20, urgent=True)
def promised_calls() -> None:
    """Say which promised calls are due, and give those that were missed their next time."""
    callbacks.tick()
