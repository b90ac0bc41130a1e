"""Locking a name after too many failed sign-ins, without keeping who tried.

django-axes counts failures in a table. Its handler would also store the
browser, the form and the network address; ours leaves those columns empty.
"""

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.http import HttpRequest


def nobodys_address(_request: HttpRequest) -> str:
    """Return the unspecified address.

    Not None: a null in the table's unique key would let two failures at the same
    moment make two rows for one name, which axes can't read back.
    """
    return "::"


class NameOnlyHandler(AxesDatabaseHandler):  # type: ignore[misc]
    """Counts failures for each name typed, and nothing else."""

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any
    ) -> None:
        """Count one failure for the name."""
        if request is not None:
            request.axes_user_agent = request.axes_http_accept = ""
        super().user_login_failed(sender, credentials, request, **kwargs)
