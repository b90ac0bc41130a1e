from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "careline.reports"
