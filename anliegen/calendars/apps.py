from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "anliegen.calendars"
    label = "calendars"
