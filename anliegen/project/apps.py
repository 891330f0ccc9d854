from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "anliegen.project"
    label = "project"

    def ready(self) -> None:
        """Bind events and jobs to those who react, once every app is there."""
        if find_spec("anliegen.project.wiring"):
            import_module("anliegen.project.wiring").bind()
