from django.urls import URLPattern, path

from careline.answers import api

app_name = "answers_api"
urlpatterns: list[URLPattern] = [path("ask", api.ask, name="ask")]
