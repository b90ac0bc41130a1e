"""The service's own address as other machines have to know it."""

from django.conf import settings
from django.http import HttpRequest


def public_base(request: HttpRequest) -> str:
    """Return scheme and host without a slash at the end: the deployment's, else the request's."""
    return settings.PUBLIC_URL.rstrip("/") or f"{request.scheme}://{request.get_host()}"
