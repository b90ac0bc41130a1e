from django.urls import URLPattern, path

from careline.answers import helped, views

app_name = "answers"
urlpatterns: list[URLPattern] = [
    path("ask/", views.ask, name="ask"),
    path("ask/helped/", helped.helped, name="helped"),
]
