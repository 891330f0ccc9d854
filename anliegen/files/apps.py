from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "anliegen.files"
    label = "files"
