from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "anliegen.notifications"
    label = "notifications"
