from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "careline.core"
    verbose_name = "Core"
