"""Routes of the screens for people who would rather look."""

from django.urls import URLPattern, path

from careline.site.views import explore

app_name = "explore"
urlpatterns: list[URLPattern] = [
    path("switches/", explore.switches, name="switches"),
    path("body/", explore.body_parts, name="body"),
    path("side-by-side/", explore.side_by_side, name="comparison"),
    path("calendar/", explore.calendar, name="calendar"),
    path("calendar/<slug:key>/", explore.calendar_of, name="calendar_of"),
    path("calendar/<slug:key>/visits.ics", explore.calendar_file, name="calendar_file"),
]
