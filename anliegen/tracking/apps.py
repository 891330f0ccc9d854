from django.apps import AppConfig


class TrackingConfig(AppConfig):
    name = "anliegen.tracking"
    label = "tracking"
