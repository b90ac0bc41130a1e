"""How allauth behaves here: staff are made by an administrator, nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from careline.accounts import permissions
from careline.accounts.actions import record_sign_in
from careline.accounts.models import Staff


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No open sign-up, and no address of anybody is looked at."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody can make an account from outside."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return an address that is nobody's, so that none can be kept."""
        return "::"

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where this person's work is: the desk, the editor, else their own account."""
        if permissions.may_serve_contacts(request.user):
            return reverse("desk:home")
        if permissions.may_edit_content(request.user):
            return reverse("wagtailadmin_home")
        return reverse("mfa_index")

    def post_login(self, request: HttpRequest, user: Staff, **kwargs: Any) -> HttpResponse:
        """Add the sign-in to the audit trail once every step of it has passed."""
        record_sign_in(acting_user=user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response
