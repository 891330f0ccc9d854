"""Addresses that belong to no face."""

from django.urls import path

from anliegen.ui import views

urlpatterns = [
    path("prefs", views.preferences, name="ui-preferences"),
    path("ui/components", views.components, name="ui-components"),
    path("ui/components/desk", views.components, {"page": "components_desk"}, name="ui-components-desk"),
]
