"""Until when a fulfilled request can be taken up again."""

from datetime import datetime, timedelta

from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import EndKind
from anliegen.workflow.models import Run
from anliegen.workflow.queries import releases, times
from anliegen.workflow.rules import REOPEN_DAYS, RunStatus


def last_moment(ended_at: datetime, run: Run) -> datetime:
    """The end of the working days in which whoever asked may say that something is missing after all."""
    key = times.calendar_key(run.release)
    return times.after(ended_at, REOPEN_DAYS * times.day_minutes(key), key) + timedelta(seconds=1)


def reopen_until(service_request: ServiceRequest, now: datetime) -> datetime | None:
    """The last moment at which this request can be reopened; None if it cannot (any more). Few statements."""
    if service_request.end_kind != EndKind.FULFILLED or service_request.ended_at is None:
        return None
    run = releases.latest(service_request.pk)
    if run is None or run.status == RunStatus.RUNNING or not releases.graph_of(run.release.model_version).reopen_at:
        return None
    until = last_moment(service_request.ended_at, run)
    return until if now <= until else None
