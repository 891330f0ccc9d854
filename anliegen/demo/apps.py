from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "anliegen.demo"
    label = "demo"
