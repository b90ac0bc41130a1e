"""Routes under the editor's address that are ours, ahead of Wagtail's own.

The screens of the medical review, and routes that are closed: Wagtail's admin API
can publish, copy and delete pages without passing the hooks by which a signature
is asked for.
"""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from careline.accounts.permissions import may_edit_content
from careline.content import competency_views, reading_views, review_views
from careline.core.access import staff


@staff(may_edit_content)
def closed(request: HttpRequest, **_parts: object) -> HttpResponse:
    """Refuse: pages are published by signing them in the review's screen."""
    raise PermissionDenied


urlpatterns: list[URLPattern | URLResolver] = [
    path("api/main/pages/<int:page_id>/action/<str:action>/", closed),
    path("reviews/", review_views.reviews, name="reviews"),
    path("reviews/<int:page_id>/", review_views.review, name="review"),
    path("reviews/<int:page_id>/send/", review_views.send, name="review_send"),
    path("reviews/<int:page_id>/sign/", review_views.sign, name="review_sign"),
    path("reviews/<int:page_id>/send-back/", review_views.give_back, name="review_send_back"),
    path("reviews/<int:page_id>/withdraw/", review_views.take_out, name="review_withdraw"),
    path("reviews/<int:page_id>/withdraw/why/", review_views.say_why, name="review_say_why"),
    path("reviews/<int:page_id>/comments/", review_views.comment, name="review_comment"),
    path(
        "reviews/<int:page_id>/comments/<int:pk>/settle/",
        review_views.settle,
        name="review_settle",
    ),
    path("reviews/<int:page_id>/trail/", review_views.trail, name="review_trail"),
    path(
        "reviews/<int:page_id>/preview/<int:revision_id>/",
        review_views.preview,
        name="review_preview",
    ),
    path("reading-level/", reading_views.measure, name="reading_level"),
    path("", include("careline.content.draft_urls")),
    path("competencies/", competency_views.competencies, name="competencies"),
    path("competencies/<int:pk>/revoke/", competency_views.revoke, name="competency_revoke"),
]
