from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "anliegen.knowledge"
    label = "knowledge"
