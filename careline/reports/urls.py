from django.urls import URLPattern, path
from django.views.generic import RedirectView

from careline.accounts.permissions import may_supervise
from careline.core.access import staff
from careline.reports import views

app_name = "reports"
urlpatterns: list[URLPattern] = [
    path(
        "",
        staff(may_supervise)(RedirectView.as_view(pattern_name="reports:contacts")),
        name="home",
    ),
    path("contacts/", views.contacts, name="contacts"),
    path("contacts.csv", views.contacts_csv, name="contacts_csv"),
]
