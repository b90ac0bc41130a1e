from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The public pages' shell. Its label keeps clear of the standard library's `site`."""

    name = "careline.site"
    label = "careline_site"
