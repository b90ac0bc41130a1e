from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "careline.accounts"
    verbose_name = "Staff"
