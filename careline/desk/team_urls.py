"""Where working together on a contact is done; part of desk.urls."""

from django.urls import URLPattern, path

from careline.desk import team_views, views

urlpatterns: list[URLPattern] = [
    path("contacts/<uuid:contact_id>/transfer/", team_views.transfer, name="transfer"),
    path("contacts/<uuid:contact_id>/step/", team_views.step, name="step"),
    path("contacts/<uuid:contact_id>/not-now/", team_views.decline_invitation, name="not_now"),
    path("contacts/<uuid:contact_id>/among/", team_views.among, name="among"),
    path("contacts/<uuid:contact_id>/skip-record/", team_views.skip_record, name="skip_record"),
    path("contacts/<uuid:contact_id>/follow-ups/", team_views.follow_up, name="follow_up"),
    path("contacts/<uuid:contact_id>/find/", team_views.search, name="find"),
    path("contacts/<uuid:contact_id>/pages/", team_views.send_page, name="page"),
    path("follow-ups/<int:pk>/done/", team_views.follow_up_done, name="follow_up_done"),
    path("notices/", views.notices, name="notices"),
]
