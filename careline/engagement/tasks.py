"""What the worker does for the news list. A task's arguments are ids, never an address."""

from django.core.mail import EmailMessage
from django_tasks import task

from careline.core.events import Event, log
from careline.engagement.mail import sign_up_mail
from careline.engagement.models import NewsSubscription


class MailNotSent(Exception):
    """The mail server didn't take it. Says nothing more: its words may hold the address."""


@task()  # type: ignore[untyped-decorator]
def send_sign_up_mail(subscription_id: str) -> None:
    """Mail one person what follows a sign-up. Nothing happens if the address is gone."""
    subscription = NewsSubscription.objects.filter(pk=subscription_id).first()
    if subscription:
        _send(sign_up_mail(subscription))


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception as error:
        log(Event.TASK_FAILED, task="engagement.send_sign_up_mail", error=type(error).__name__)
        # From None: the traceback of a failed task is stored.
        raise MailNotSent from None
