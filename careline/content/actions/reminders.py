"""Reminding the editors of review dates: 60 and 30 days before, and on the day."""

import datetime as dt
from collections import Counter

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from careline.content.models import ReviewedPage, ReviewReminder
from careline.content.states import review_due_dates
from careline.core import audit, clock
from careline.core.events import Event, log

DAYS_BEFORE = (60, 30, 0)


@transaction.atomic
def remind_of_reviews(on: dt.date | None = None) -> int:
    """Note each reminder that is due on the day and wasn't made yet; return how many.

    A page that comes in late (a worker that stood still, a short review period)
    gets the nearest of its reminders only. Mail goes to REVIEW_REMINDERS_TO, if
    that is set, after the transaction; it holds numbers and an address, no text
    and no title of a page.
    """
    today = on or clock.today()
    made = Counter[int]()
    dates = review_due_dates()
    pages = ReviewedPage.objects.in_bulk(list(dates))
    for page_id, due in dates.items():
        days = _reminder_for((due - today).days)
        if days is None:
            continue
        page = pages[page_id]
        _reminder, new = ReviewReminder.objects.get_or_create(page=page, review_due=due, days=days)
        if new:
            audit.record("content.review_reminded", page, acting_user=None, days=days)
            made[days] += 1
    if made:
        transaction.on_commit(lambda: _tell(made))
    return made.total()


def _reminder_for(days_left: int) -> int | None:
    """The reminder that stands for so many days left: the last whose day has come."""
    reached = [days for days in DAYS_BEFORE if days_left <= days]
    return min(reached) if reached else None


def _tell(made: Counter[int]) -> None:
    log(Event.REVIEWS_DUE, count=made.total())
    if not settings.REVIEW_REMINDERS_TO:
        return
    with override(settings.LANGUAGE_CODE):
        send_mail(_("Reviews that are due"), _words(made), None, settings.REVIEW_REMINDERS_TO)


def _words(made: Counter[int]) -> str:
    lines = [_line(days, count) for days, count in sorted(made.items())]
    return "\n".join([*lines, "", settings.WAGTAILADMIN_BASE_URL + reverse("reviews")])


def _line(days: int, count: int) -> str:
    if days == 0:
        words = ngettext("%(count)d page is due now.", "%(count)d pages are due now.", count)
    else:
        words = ngettext(
            "%(count)d page is due within %(days)d days.",
            "%(count)d pages are due within %(days)d days.",
            count,
        )
    return words % {"count": count, "days": days}
