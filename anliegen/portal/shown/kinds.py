"""The words of this face for kinds of requests and reasons."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anliegen.catalogue.rules import Kind

KINDS: Mapping[Kind, str | Promise] = {
    Kind.INFORMATION: _("Information"),
    Kind.HOW_TO: _("How does it work?"),
    Kind.ADVICE: _("Advice"),
    Kind.ACCESS: _("Access"),
    Kind.MOVE: _("Move"),
    Kind.ADD: _("Something new"),
    Kind.CHANGE: _("A change"),
    Kind.REPORT: _("Report"),
}
