"""A mail server that refuses everybody, in the words that real ones use."""

import smtplib
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Refuses with the recipient's address in its words."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Raise what smtplib raises."""
        refused = {address: (550, b"no") for message in email_messages for address in message.to}
        raise smtplib.SMTPRecipientsRefused(refused)
