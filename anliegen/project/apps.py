from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "anliegen.project"
    label = "project"

    def ready(self) -> None:
        from importlib.util import find_spec

        if find_spec("anliegen.project.wiring"):
            from anliegen.project import wiring

            wiring.bind()
