from django.urls import path

from careline.referrals import views

app_name = "referrals"
urlpatterns = [path("programs/", views.programs, name="programs")]
