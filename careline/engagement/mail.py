"""The words of our mail, in the language that its reader chose."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from careline.engagement import tokens
from careline.engagement.models import NewsSubscription


def sign_up_mail(subscription: NewsSubscription) -> EmailMessage:
    """Return the mail that asks for confirmation, or says that it was given before."""
    with translation.override(subscription.language):
        if subscription.consented_at is None:
            return _mail(subscription, gettext("Please confirm your email address"), "confirm")
        return _mail(subscription, gettext("You already get our news"), "already")


def _mail(subscription: NewsSubscription, subject: str, name: str) -> EmailMessage:
    leave = _address("engagement:leave", tokens.leave_token(subscription.pk))
    context = {
        "organisation": settings.ORGANISATION_NAME,
        "confirm": _address("engagement:confirm", tokens.confirm_token(subscription.pk)),
        "leave": leave,
    }
    return EmailMessage(
        subject=f"{settings.ORGANISATION_NAME}: {subject}",
        body=render_to_string(f"engagement/mail/{name}.txt", context),
        to=[subscription.address],
        # One-click leaving in the reader's mail program (RFC 2369, RFC 8058).
        headers={
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def _address(route: str, token: str) -> str:
    # The public address is a setting: a request's Host header may be anybody's.
    return str(settings.WAGTAILADMIN_BASE_URL).rstrip("/") + reverse(route, args=[token])
