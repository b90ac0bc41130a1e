from django.urls import URLPattern, path

from careline.answers import views

app_name = "answers"
urlpatterns: list[URLPattern] = [path("ask/", views.ask, name="ask")]
