"""Every route of the house. Each view carries its access rule (careline.core.access)."""

from allauth.account import views as account_views
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls

from careline.contacts.views import files, widget
from careline.core import health, metrics_http

handler400 = "careline.core.errors.bad_request"
handler403 = "careline.core.errors.permission_denied"
handler404 = "careline.core.errors.not_found"
handler500 = "careline.core.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("widget.js", widget.script, name="widget_script"),
    path("files/<uuid:contact_id>/<uuid:key>/", files.for_staff, name="contact_file"),
    path("metrics", metrics_http.numbers, name="metrics"),
    # Wagtail's own sign-in page would skip the second factor.
    path("editor/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("editor/", include("careline.content.editor_urls")),
    path("editor/", include(wagtailadmin_urls)),
    path("staff/sign-in/", account_views.login, name="account_login"),
    path("staff/sign-out/", account_views.logout, name="account_logout"),
    path("staff/2fa/", include("allauth.mfa.urls")),
    path("staff/reauthenticate/", account_views.reauthenticate, name="account_reauthenticate"),
    path("desk/", include("careline.desk.urls")),
    path("reports/", include("careline.reports.urls")),
    path("", include("careline.site.root_urls")),
    path("api/", include("careline.answers.api_urls")),
    path("api/content/", include("careline.site.api_urls")),
]
urlpatterns += i18n_patterns(
    path("", include("careline.site.urls")),
    path("look/", include("careline.site.explore.urls")),
    path("", include("careline.answers.urls")),
    path("", include("careline.contacts.urls")),
    path("widget/", include("careline.contacts.widget_urls", namespace="widget")),
    path("", include("careline.engagement.urls")),
    path("", include("careline.referrals.urls")),
    path("", include("careline.content.urls")),
)
