"""Routes of the public shell, each under its language."""

from django.urls import URLPattern, path

from careline.site.views import home, search, statements

app_name = "site"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("who-reviews/", statements.about, name="about"),
    path("privacy-notice/", statements.privacy, name="privacy"),
    path("accessibility/", statements.accessibility, name="accessibility"),
    path("reprint/", statements.reprints, name="reprints"),
]
