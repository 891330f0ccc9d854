"""Lists that renew themselves while they are looked at: lines in their places, and the counters (ux spec 3.5)."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from anliegen.lib import clock
from anliegen.people import queries as people
from anliegen.portal import shell
from anliegen.portal.doors import person, signed_in
from anliegen.portal.shown import lines as shown
from anliegen.requests import access
from anliegen.tracking import queries as tracking
from anliegen.ui.htmx import announce, unchanged

MOST = 24  # lines of one list


@require_GET
@signed_in
def lines(request: HttpRequest) -> HttpResponse:
    """Nothing when nothing of mine changed since `?seen=`, else these lines anew.

    None is added or moved: what is new or gone is told, and shown when the person asks for it.
    """
    user, now = person(request), clock.now()
    pulse = tracking.pulse(user, people.stands_in_for(user, now))
    seen = request.GET.get("seen", "")
    if seen == pulse.token:
        return unchanged()
    codes = [code for code in request.GET.get("codes", "").split(",") if code.isprintable()][:MOST]
    ids = access.visible_to(user, now).filter(code__in=codes).order_by("-id").values_list("id", flat=True)
    found = tracking.lines(list(ids), user, now=now)
    on = "start" if request.GET.get("on") == "start" else "mine"
    context = {
        "patch": True,
        "rows": [shown.row(line) for line in found],
        "codes": ",".join(line.code for line in found),
        "on": on,
        "seen": pulse.token,
        "other": on == "start" and {line.code for line in tracking.my_open(user, now=now)[0]} != set(codes),
    }
    response = shell.counted(render(request, "portal/parts/live_lines.html", context), pulse.waiting)
    return announce(response, _told(seen, pulse)) if seen else response


def _told(seen: str, pulse: tracking.Pulse) -> str:
    before: Sequence[str] = seen.split("-")
    answers = pulse.waiting["answers"]
    if str(answers) != before[0] and answers:
        return ngettext("%(n)s request waits for you.", "%(n)s requests wait for you.", answers) % {"n": answers}
    return _("Your requests have a new state.")
