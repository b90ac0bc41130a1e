"""How allauth behaves here: staff are made by an administrator, nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from careline.accounts import permissions
from careline.accounts.actions import record_sign_in
from careline.accounts.models import Staff


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No open sign-up, and no address of anybody is looked at."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _lazy(
            "The sign-in name or the password isn't right. Check both and try again."
        ),
        "incorrect_code": _lazy("That code isn't right, or it is too old. Try the next one."),
    }

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

    def respond_user_inactive(self, request: HttpRequest, user: Staff) -> HttpResponse:
        """Send somebody who has left back to the sign-in page, with the reason."""
        messages.error(
            request, _("This account isn't in use any more. Your administrator can open it again.")
        )
        return redirect("account_login")

    def post_login(self, request: HttpRequest, user: Staff, **kwargs: Any) -> HttpResponse:
        """Add the sign-in to the audit trail once every step of it has passed."""
        record_sign_in(acting_user=user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response
