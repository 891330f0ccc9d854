"""The one place that reads the wall clock for business time. Faces and jobs read it once and pass it on as `now`."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment in UTC, aware."""
    return datetime.now(UTC)
