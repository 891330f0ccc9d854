"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from anliegen.project.drain import door
from anliegen.project.whole import whole

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anliegen.project.settings")
application = door(whole(get_wsgi_application()))
# Import every view now: a broken one ends the start, and the first person does not wait.
len(get_resolver().url_patterns)
