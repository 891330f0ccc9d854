"""When a request will probably be done: what a supplier confirmed, and the agreed time of the steps after it."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from anliegen.requests import lifecycle
from anliegen.workflow.events import ForecastMoved
from anliegen.workflow.models import Task
from anliegen.workflow.queries import ahead, times

if TYPE_CHECKING:
    from anliegen.workflow.actions._running import Running

FIELD = "delivery_date"  # the field of a step whose date moves the forecast


def follow(running: "Running", task: Task) -> None:
    """A step that ended with a confirmed date moves the forecast of the request, and the requester is told."""
    text = str(task.outputs.get(FIELD) or "")
    if not text or running.ended:
        return
    key = times.calendar_key(running.run.release)
    arrives = datetime.combine(date.fromisoformat(text), time(), ZoneInfo(settings.TIME_ZONE))
    minutes = ahead.minutes_after(running.service_request, now=running.now)
    forecast = times.after(arrives, max(minutes, 1), key)
    if lifecycle.set_forecast(running.service_request, forecast, now=running.now):
        running.publish(ForecastMoved, task_id=task.pk, changes={"forecast": forecast.isoformat()})
