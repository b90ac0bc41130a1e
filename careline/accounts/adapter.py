"""How allauth behaves here: staff are invited by an administrator, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No open sign-up, and no address of anybody is looked at."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody can make an account from outside."""
        return False
