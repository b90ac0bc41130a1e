"""Sign-in forms with labels instead of placeholders, and the right keyboard on a phone."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as PasswordAgainForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.utils.translation import gettext_lazy as _


def _plain(form: Any, labels: dict[str, Any]) -> None:
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].widget.attrs.pop("placeholder", None)


def _one_time_code(form: Any) -> None:
    _plain(form, {"code": _("Code")})
    # A recovery code is digits too.
    form.fields["code"].widget.attrs.update({"inputmode": "numeric", "spellcheck": "false"})


class SignInForm(LoginForm):  # type: ignore[misc]
    """Sign-in name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"login": _("Sign-in name"), "password": _("Password")})
        attributes = {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["login"].widget.attrs.update(attributes)


class ConfirmPasswordForm(PasswordAgainForm):  # type: ignore[misc]
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"password": _("Password")})


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _one_time_code(self)


class ConfirmCodeForm(ReauthenticateForm):  # type: ignore[misc]
    """A code once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _one_time_code(self)


class ActivateAppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a newly added authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _one_time_code(self)
