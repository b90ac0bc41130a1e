"""Work of the contacts department that comes round."""

from careline.contacts.routing import run
from careline.core.periodic import every


@every(seconds=5)
def offers_and_clocks() -> None:
    """Pass on, release, ask and end what time alone brings; make the offers that are possible."""
    run.tick()
