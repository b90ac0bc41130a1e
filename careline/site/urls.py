"""Routes of the public shell, each under its language."""

from django.urls import URLPattern, path

from careline.site.views import (
    changes,
    display,
    feedback,
    home,
    questions,
    search,
    statements,
    words,
)

app_name = "site"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("words/", words.words, name="words"),
    path("questions/", questions.questions, name="questions"),
    path("who-reviews/", statements.about, name="about"),
    path("display/", display.display, name="display"),
    path("offline/", statements.offline, name="offline"),
    path("privacy-notice/", statements.privacy, name="privacy"),
    path("accessibility/", statements.accessibility, name="accessibility"),
    path("reprint/", statements.reprints, name="reprints"),
    path("changes.atom", changes.feed, name="changes"),
    path("feedback/<slug:key>/", feedback.feedback, name="feedback"),
    path("history/<slug:key>/", changes.history, name="history"),
]
