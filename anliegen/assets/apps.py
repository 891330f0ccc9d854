from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "anliegen.assets"
    label = "assets"
