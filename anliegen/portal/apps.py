from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "anliegen.portal"
    label = "portal"
