from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "anliegen.ui"
    label = "ui"
