from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "anliegen.audit"
    label = "audit"
