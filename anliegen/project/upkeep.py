"""What the database needs now and then."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

_ROWS_LOOKED_AT = 1000  # of each index: enough to choose by, and never more than some milliseconds


def analyse(_payload: Mapping[str, object], _now: datetime) -> None:
    """A job: let SQLite look at what is in its tables, by which it chooses indexes; PostgreSQL does so by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit={_ROWS_LOOKED_AT}")
            cursor.execute("ANALYZE")
