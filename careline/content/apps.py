from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "careline.content"
    verbose_name = "Reviewed information"
