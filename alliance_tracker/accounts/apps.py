from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "alliance_tracker.accounts"
    label = "accounts"
