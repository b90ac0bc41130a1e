"""What comes round for contacts: deleting what has reached the end of its retention."""

from careline.contacts import retention
from careline.core import clock
from careline.core.periodic import every


@every(seconds=3600)
def purge_what_is_due() -> None:
    """Delete transcripts, contact details and statistics at the end of their clocks."""
    retention.purge(clock.now())
