"""Every address of the product, each face under its own prefix."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from anliegen.project import health

handler400 = "anliegen.project.errors.bad_request"
handler403 = "anliegen.project.errors.forbidden"
handler404 = "anliegen.project.errors.not_found"
handler500 = "anliegen.project.errors.server_error"

_FACES = (("desk/", "desk"), ("studio/", "studio"), ("", "ui"), ("", "portal"))

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    *(
        path(prefix, include(f"anliegen.{face}.urls"))
        for prefix, face in _FACES
        if find_spec(f"anliegen.{face}") and find_spec(f"anliegen.{face}.urls")
    ),
]
