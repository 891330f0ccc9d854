from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "anliegen.jobs"
    label = "jobs"
