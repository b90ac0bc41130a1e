"""Keeping what readers say about a page, and settling it."""

import datetime as dt
import re

import phonenumbers
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from careline.accounts.models import Staff
from careline.accounts.permissions import may_edit_content
from careline.content.models import ReviewedPage
from careline.core import audit, clock
from careline.core.events import Event, log
from careline.site.models import PageFeedback

_HIDDEN = "[…]"
_ADDRESS = re.compile(r"\S+@\S+\.\S+")
# Phone numbers of any country, insurance and record numbers.
_LONG_NUMBER = re.compile(r"\d(?:[\s./-]?\d){6,}")


@transaction.atomic
def give_feedback(
    page: ReviewedPage, *, helpful: bool | None, words: str, acting_user: Staff | None
) -> PageFeedback:
    """Keep one reader's feedback on a page, without ways to find the reader.

    Leaves no audit row: that trail is for ever, and this isn't anybody's deed.
    """
    today = clock.today()
    feedback = PageFeedback.objects.create(
        page_key=page.key,
        language=page.language,
        revision=page.live_revision_id or 0,
        helpful=helpful,
        words=without_ways_to_find(words),
        given_on=today,
        delete_on=today + dt.timedelta(days=settings.RETENTION_DAYS_FEEDBACK),
    )
    transaction.on_commit(lambda: log(Event.FEEDBACK_GIVEN, page=page.pk, words=bool(words)))
    return feedback


@transaction.atomic
def settle_feedback(feedback: PageFeedback, *, acting_user: Staff) -> None:
    """Take a note off the editors' list and delete its words."""
    if not may_edit_content(acting_user):
        raise PermissionDenied
    feedback.words = ""
    feedback.settled_on = clock.today()
    feedback.save(update_fields=["words", "settled_on"])
    audit.record("site.feedback_settled", feedback, acting_user=acting_user)


def without_ways_to_find(words: str) -> str:
    """Return the words with email addresses and long numbers hidden."""
    hidden = _ADDRESS.sub(_HIDDEN, words)
    for match in reversed(list(phonenumbers.PhoneNumberMatcher(hidden, "US"))):
        hidden = hidden[: match.start] + _HIDDEN + hidden[match.end :]
    return _LONG_NUMBER.sub(_HIDDEN, hidden)
