from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "anliegen.desk"
    label = "desk"
