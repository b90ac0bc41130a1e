"""Work of this app that comes round."""

from careline.content.actions import remind_of_reviews
from careline.core.periodic import every


@every(seconds=3600)
def review_reminders() -> None:
    """Remind the editors of review dates; each reminder is made once."""
    remind_of_reviews()
