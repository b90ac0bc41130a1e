"""The reviewed pages at their public addresses. Included last: it takes every address left."""

from django.urls import URLPattern, re_path
from wagtail import views
from wagtail.urls import serve_pattern

from careline.core.access import public
from careline.core.ratelimit import Limit

# Wagtail makes the pages' addresses from this name.
urlpatterns: list[URLPattern] = [
    re_path(serve_pattern, public(limit=Limit.PAGE)(views.serve), name="wagtail_serve"),
]
