"""Routes below the editor's address: what was asked and not answered."""

from django.urls import path

from careline.answers import editor_views

urlpatterns = [
    path("", editor_views.asked, name="asked_questions"),
    path("draft/", editor_views.draft, name="asked_questions_draft"),
    path("done/", editor_views.done, name="asked_questions_done"),
]
