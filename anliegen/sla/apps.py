from django.apps import AppConfig


class SlaConfig(AppConfig):
    name = "anliegen.sla"
    label = "sla"
