from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "careline.site"
    label = "careline_site"
