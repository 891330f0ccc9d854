from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "anliegen.catalogue"
    label = "catalogue"
