"""Addresses of the portal."""

from anliegen.portal.session_urls import urlpatterns as session

urlpatterns = [*session]
