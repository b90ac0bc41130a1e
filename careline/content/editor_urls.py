"""Routes of the editor's screens that are closed, ahead of Wagtail's own.

Wagtail's admin API can publish, copy and delete pages without passing the hooks
by which a signature is asked for.
"""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from careline.accounts.permissions import may_edit_content
from careline.core.access import staff


@staff(may_edit_content)
def closed(request: HttpRequest, **_parts: object) -> HttpResponse:
    """Refuse: pages are published by signing them in the editor's screens."""
    raise PermissionDenied


urlpatterns: list[URLPattern] = [
    path("api/main/pages/<int:page_id>/action/<str:action>/", closed),
]
