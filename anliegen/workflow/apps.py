from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "anliegen.workflow"
    label = "workflow"
