from django.urls import URLPattern

app_name = "answers_api"
urlpatterns: list[URLPattern] = []
