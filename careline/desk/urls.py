from django.urls import URLPattern, path

from careline.desk import (
    contact_views,
    hours_views,
    routing_views,
    team_urls,
    views,
    wallboard_views,
)

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("queue/", views.queue, name="queue"),
    path("presence/", routing_views.presence, name="presence"),
    path("people/", routing_views.people, name="people"),
    path("people/<int:staff_id>/", routing_views.capacity, name="capacity"),
    path("wallboard/", wallboard_views.wallboard, name="wallboard"),
    path("wallboard/parts/", wallboard_views.parts, name="wallboard_parts"),
    path("hours/", hours_views.hours, name="hours"),
    path("hours/close/", hours_views.close, name="close_now"),
    path("hours/open/", hours_views.open_again, name="open_again"),
    path("hours/week/", hours_views.week, name="week"),
    path("hours/one-off/", hours_views.one_off, name="one_off"),
    path("hours/one-off/<int:one_off_id>/", hours_views.remove_one_off, name="one_off_remove"),
    path("keys/", views.keys, name="keys"),
    path("contacts/<uuid:contact_id>/", contact_views.show, name="contact"),
    path("contacts/<uuid:contact_id>/accept/", contact_views.accept, name="accept"),
    path("contacts/<uuid:contact_id>/decline/", routing_views.decline, name="decline"),
    path("contacts/<uuid:contact_id>/assign/", routing_views.assign, name="assign"),
    path("contacts/<uuid:contact_id>/hand-back/", routing_views.hand_back, name="hand_back"),
    path("contacts/<uuid:contact_id>/log/", contact_views.log_since, name="log"),
    path("contacts/<uuid:contact_id>/context/", contact_views.context, name="context"),
    path("contacts/<uuid:contact_id>/messages/", contact_views.send, name="send"),
    path("contacts/<uuid:contact_id>/sentences/", contact_views.send_sentence, name="sentence"),
    path("contacts/<uuid:contact_id>/attempts/", contact_views.attempt, name="attempt"),
    path("contacts/<uuid:contact_id>/record/", contact_views.record, name="record"),
    path("contacts/<uuid:contact_id>/end/", contact_views.end, name="end"),
]
urlpatterns += team_urls.urlpatterns
