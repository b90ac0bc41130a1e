from django.urls import path

from careline.engagement import views

app_name = "engagement"
urlpatterns = [
    path("news/", views.news, name="news"),
    path("news/sign-up/", views.sign_up, name="sign_up"),
    path("news/sent/", views.sent, name="sent"),
    path("news/confirm/<str:token>/", views.confirm, name="confirm"),
    path("news/confirmed/", views.confirmed, name="confirmed"),
    path("news/leave/<str:token>/", views.leave, name="leave"),
    path("news/left/", views.left, name="left"),
]
