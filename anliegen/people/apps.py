from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "anliegen.people"
    label = "people"
