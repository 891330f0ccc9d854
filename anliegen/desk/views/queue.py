"""My work, my teams' work, what waits, everything; and what was completed last (ux S10)."""

from collections.abc import Callable
from urllib.parse import quote, quote_plus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anliegen.desk import wording
from anliegen.desk.doors import at_desk, inside, page, person
from anliegen.desk.queries import case, queue
from anliegen.desk.views import task as tasks
from anliegen.lib import clock
from anliegen.people import actions as people
from anliegen.tracking.shapes import TaskRow


@at_desk
@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """One view of the open tasks, with the chosen task beside it where there is room."""
    user, now = person(request), clock.now()
    wanted = queue.Wanted(
        view=request.GET.get("view") or "mine",
        only=request.GET.get("only", ""),
        team=request.GET.get("team", ""),
        page=_whole(request.GET.get("page")),
    )
    found = queue.load(wanted, user, now)
    chosen = _chosen(request, found)
    beside = None
    if chosen is not None:
        beside = case.Step(case.task_of(chosen.code, f"{chosen.node}-{chosen.visit}", user, now), user, now)
    base = _address(request, leave_out=("open", "page", "only"))
    shown = _shower(request, chosen)
    context = {
        "queue": found,
        "buckets": [
            {"label": bucket.label, "look": bucket.look, "rows": [shown(row) for row in bucket.rows]}
            for bucket in found.buckets
        ],
        "tiles": _tiles(found, base),
        "beside": beside,
        "pages": {"before": _page(request, found, -1), "after": _page(request, found, 1)},
        **(tasks.context(request, beside, back=_address(request, leave_out=("open",))) if beside else {}),
    }
    return page(request, "desk/queue.html", context)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 1


def _chosen(request: HttpRequest, found: queue.Queue) -> TaskRow | None:
    """The row that the address names; without one nothing is open."""
    wanted = request.GET.get("open", "")
    return next((row for row in found.rows if f"{row.code}/{row.node}-{row.visit}" == wanted), None)


def _address(request: HttpRequest, *, leave_out: tuple[str, ...] = (), **more: str) -> str:
    query = request.GET.copy()
    for name in leave_out:
        query.pop(name, None)
    for name, value in more.items():
        query[name] = value
    return f"{reverse('desk')}?{query.urlencode()}" if query else reverse("desk")


def _shower(request: HttpRequest, chosen: TaskRow | None) -> Callable[[TaskRow], dict[str, object]]:
    """How each row is shown, with its addresses and its clock; what is the same for all of them is made once."""
    zone, now = person(request).time_zone, clock.now()
    back = _address(request, leave_out=("open",))
    beside = _address(request, open=_HERE)

    def shown(row: TaskRow) -> dict[str, object]:
        step = f"{row.node}-{row.visit}"
        url = reverse("desk-task", args=(row.code, step))
        return {
            "code": row.code,
            "id": f"row-{row.code}-{row.node}-{row.visit}",
            "url": f"{url}?back={quote(back)}",
            "beside": beside.replace(quote(_HERE), quote_plus(f"{row.code}/{step}")),
            "clock": wording.clock_of(row, now, zone),
            "icon": wording.CHANNEL_ICONS.get(row.channel, "world"),
            "open": row is chosen,
            "lang": row.lang,
            "title": row.title,
            "who": f"{row.requester}, {row.department}" if row.department else row.requester,
            "name": row.name,
            "team": row.team,
            "assignee": row.assignee,
        }

    return shown


_HERE = "\0"  # no address holds it


def _tiles(found: queue.Queue, base: str) -> list[dict[str, object]]:
    """Quick filters with their counts; one that is on leads back to everything."""
    joint = "&" if "?" in base else "?"
    looks = {"late": ("late", "alert-triangle"), "soon": ("risk", "clock-exclamation")}
    tiles: list[dict[str, object]] = []
    for key, label in queue.TILES.items():
        look, icon = looks.get(key, ("", ""))
        on, count = found.only == key, found.tiles[key]
        url = base if on else f"{base}{joint}only={key}"
        tiles.append(
            {"url": url, "label": label, "count": count, "look": look if count else "", "icon": icon, "on": on}
        )
    return tiles


def _page(request: HttpRequest, found: queue.Queue, step: int) -> str:
    number = found.number + step
    return _address(request, leave_out=("open",), page=str(number)) if 1 <= number <= found.pages else ""


@at_desk
@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """What I and my teams completed last."""
    found = [
        {
            "task": task,
            "url": reverse("desk-task", args=(task.service_request.code, case.step_key(task))) if readable else "",
            "outcome": wording.outcome(task),
        }
        for task, readable in queue.last_done(person(request), clock.now())
    ]
    return page(request, "desk/done.html", {"rows": found})


@at_desk
@require_POST
def keys(request: HttpRequest) -> HttpResponse:
    """Turn single-key shortcuts on or off (WCAG 2.1.4)."""
    user = person(request)
    people.set_preferences(user.pk, acting_user=user, now=clock.now(), single_keys=request.POST.get("on") == "1")
    messages.success(
        request, _("Keyboard shortcuts are on.") if request.POST.get("on") == "1" else _("Keyboard shortcuts are off.")
    )
    return redirect(inside(request.POST.get("next")))
