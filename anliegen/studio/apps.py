from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "anliegen.studio"
    label = "studio"
