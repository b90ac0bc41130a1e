"""Every write of the news list. None tells its caller whether an address was known."""

import datetime as dt
import functools
import uuid

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from careline.core import audit, clock
from careline.core.events import Event, log
from careline.engagement.models import CONFIRM_WITHIN, NewsSubscription, kept_for
from careline.engagement.tasks import send_sign_up_mail
from careline.engagement.tokens import LinkRefused, read_confirm_token, read_leave_token

# One address gets at most one mail in this time, so that nobody can flood a mailbox.
MAIL_PAUSE = dt.timedelta(minutes=10)


def sign_up(address: str, language: str, *, acting_user: AbstractBaseUser | None) -> None:
    """Keep the address unconfirmed and mail its owner a link.

    An address that has confirmed before stays as it is and is told so by mail;
    the caller can't tell the two apart.
    """
    now = clock.now()
    with transaction.atomic():
        _forget_lapsed(address.lower(), now)
        subscription, new = NewsSubscription.objects.get_or_create(
            address=address.lower(),
            defaults={"language": language, "mailed_at": now, "delete_after": now + CONFIRM_WITHIN},
        )
        if new:
            audit.record("engagement.signed_up", subscription, acting_user=acting_user)
        elif not _may_mail_again(subscription, language, now):
            return
        transaction.on_commit(functools.partial(_announce, subscription.pk))


def _forget_lapsed(address: str, now: dt.datetime) -> None:
    """Begin anew with an address whose time is over but which wasn't purged yet."""
    for lapsed in NewsSubscription.objects.due_for_deletion(now).filter(address=address):
        audit.record("engagement.purged", lapsed, acting_user=None)
        lapsed.delete()


def _may_mail_again(subscription: NewsSubscription, language: str, now: dt.datetime) -> bool:
    """Note another mail to a known address; only the unconfirmed one's terms are renewed."""
    known = NewsSubscription.objects.filter(pk=subscription.pk, mailed_at__lte=now - MAIL_PAUSE)
    known.filter(consented_at__isnull=True).update(
        language=language, delete_after=now + CONFIRM_WITHIN
    )
    return known.update(mailed_at=now) > 0


def _announce(subscription: uuid.UUID) -> None:
    send_sign_up_mail.enqueue(str(subscription))
    log(Event.SIGN_UP_STORED, subscription=subscription)


def confirm(token: str, *, acting_user: AbstractBaseUser | None) -> NewsSubscription:
    """Record the consent of the address's owner, once.

    Raises LinkRefused for a token that is forged, too old or used.
    """
    now = clock.now()
    with transaction.atomic():
        waiting = NewsSubscription.objects.waiting(now).filter(pk=read_confirm_token(token))
        subscription = waiting.first()
        # The update decides between two clicks at once; the loser is refused.
        if not subscription or not waiting.update(consented_at=now, delete_after=now + kept_for()):
            raise LinkRefused
        audit.record("engagement.consented", subscription, acting_user=acting_user)
    subscription.refresh_from_db()
    return subscription


def is_waiting(token: str) -> bool:
    """Return whether `confirm` would accept this token now."""
    try:
        key = read_confirm_token(token)
    except LinkRefused:
        return False
    return NewsSubscription.objects.waiting(clock.now()).filter(pk=key).exists()


def leave(token: str, *, acting_user: AbstractBaseUser | None) -> None:
    """Delete the address. Doing it again changes nothing and isn't an error.

    Raises LinkRefused for a forged token.
    """
    with transaction.atomic():
        subscription = NewsSubscription.objects.filter(pk=read_leave_token(token)).first()
        if subscription:
            audit.record("engagement.left", subscription, acting_user=acting_user)
            subscription.delete()
