"""Routes of the drafts from questions, below the editor's address."""

from django.urls import URLPattern, path

from careline.content import draft_views

urlpatterns: list[URLPattern] = [
    path("drafts/", draft_views.drafts, name="question_drafts"),
    path("drafts/<int:pk>/", draft_views.draft, name="question_draft"),
    path("drafts/<int:pk>/change/", draft_views.change, name="question_draft_change"),
    path("drafts/<int:pk>/sign/", draft_views.sign, name="question_draft_sign"),
    path("drafts/<int:pk>/send-back/", draft_views.give_back, name="question_draft_send_back"),
    path("drafts/<int:pk>/discard/", draft_views.discard, name="question_draft_discard"),
    path("drafts/<int:pk>/withdraw/", draft_views.take_out, name="question_draft_withdraw"),
]
