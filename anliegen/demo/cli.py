"""What the command line does with the demo."""

import sys
import time

from django.utils.translation import gettext as _

from anliegen.demo import load as loading
from anliegen.demo import wiping
from anliegen.lib import clock


def is_empty() -> bool:
    """Whether nobody is here yet; `anliegen serve --demo` then loads the demo."""
    return loading.is_empty()


def load(*, small: bool = False) -> int:
    """Load Nordwerk into an empty database; 1 if somebody is there already."""
    if not is_empty():
        print(_("There are people in this database already. Nothing was loaded."), file=sys.stderr)
        return 1
    began = time.monotonic()
    loading.load(now=clock.now(), small=small)
    print(_("Nordwerk is here (%(seconds).1f s).") % {"seconds": time.monotonic() - began})
    return 0


def wipe(yes: bool = False) -> int:
    """Remove everything, for a real start; 1 if it was not confirmed or refused."""
    try:
        wiping.require_demo()
    except wiping.NotTheDemo:
        print(
            _("This is not the demo: there are people of another company here. Nothing was removed."), file=sys.stderr
        )
        return 1
    if not yes:
        question = _("This removes all people, requests and files. Type yes to go on: ")
        if not sys.stdin.isatty() or input(question).strip().lower() not in {"yes", "ja"}:
            print(_("Nothing was removed."), file=sys.stderr)
            return 1
    wiping.wipe()
    print(_("Everything was removed. Make the first administrator with: anliegen create-admin"))
    return 0
