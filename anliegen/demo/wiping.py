"""Removing everything, so that a real start begins with an empty database."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from anliegen.demo import company
from anliegen.demo.organisation import COMPANY, EXTERNAL_COMPANY
from anliegen.people.models import Company, User

DEMO_COMPANIES = frozenset({COMPANY, EXTERNAL_COMPANY})


class NotTheDemo(Exception):
    """The database holds something that the demo did not bring."""


def require_demo() -> None:
    """Raise NotTheDemo where somebody works for real: other companies or persons than those of the demo.

    Outside production the question on the command line is enough.
    """
    if not settings.ANLIEGEN.production:
        return
    other_companies = Company.objects.exclude(key__in=DEMO_COMPANIES).exists()
    ours = [*(company.address(one.name) for one in company.PEOPLE), company.EXTERNAL_ADDRESS]
    if other_companies or User.objects.exclude(email__in=ours).exists():
        raise NotTheDemo


def wipe() -> None:
    """Empty all tables, restart the numbers, and remove the stored files."""
    call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(Path(settings.ANLIEGEN.data_dir) / "files", ignore_errors=True)
