"""The read-only content API (docs/api.md)."""

from django.urls import URLPattern, path

from careline.site import api

app_name = "content_api"
urlpatterns: list[URLPattern] = [
    path("pages", api.pages, name="pages"),
    path("pages/<slug:language>/<slug:key>", api.page, name="page"),
    path("sentences", api.sentences, name="sentences"),
    path("answers", api.answers, name="answers"),
]
