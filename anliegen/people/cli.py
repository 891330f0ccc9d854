"""What the command line does with people."""

import getpass
import sys

from django.utils.translation import gettext as _

from anliegen.lib import clock
from anliegen.lib.errors import Refused
from anliegen.people import actions


def create_admin(email: str | None = None) -> int:
    """Make an administrator, asking for what is missing; returns the exit code.

    Without a terminal the password is the first line of the input, and the name comes from the address.
    """
    asks = sys.stdin.isatty()
    email = email or (input(_("E-mail address: ")) if asks else "")
    local = email.partition("@")[0]
    name = (input(_("First name: ")), input(_("Last name: "))) if asks else ("", local)
    password = getpass.getpass(_("Password: ")) if asks else sys.stdin.readline().rstrip("\n")
    try:
        person = actions.create_administrator(email, (name[0], name[1] or local), password, now=clock.now())
    except Refused as problem:
        for message in problem.errors.values():
            print(message, file=sys.stderr)
        return 1
    print(_("{name} may now sign in and must set up a second factor there.").format(name=person.full_name))
    return 0
