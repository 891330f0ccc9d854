from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "anliegen.requests"
    label = "requests"
