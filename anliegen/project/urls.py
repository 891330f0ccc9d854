"""Every address of the product, each face under its own prefix."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []
for _prefix, _face in (("desk/", "desk"), ("", "portal"), ("", "ui")):
    if find_spec(f"anliegen.{_face}") and find_spec(f"anliegen.{_face}.urls"):
        urlpatterns.append(path(_prefix, include(f"anliegen.{_face}.urls")))
