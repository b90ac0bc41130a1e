"""Routes below the editor's address: what readers said."""

from django.urls import path

from careline.site import editor_views

urlpatterns = [
    path("", editor_views.feedback, name="readers_feedback"),
    path("<int:pk>/settle/", editor_views.settle, name="readers_feedback_settle"),
]
