"""Routes without a language in their path."""

from django.urls import URLPattern, path

from careline.site.views import language, leave, root

app_name = "site_root"
urlpatterns: list[URLPattern] = [
    path("", root.choose_language, name="root"),
    path("language/<slug:code>/", language.switch, name="language"),
    path("leave/", leave.leave, name="leave"),
    path("robots.txt", root.robots, name="robots"),
    path("sitemap.xml", root.sitemap, name="sitemap"),
    path("service-worker.js", root.service_worker, name="service_worker"),
    path("favicon.ico", root.favicon, name="favicon"),
]
