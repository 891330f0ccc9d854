"""The database's upkeep."""

import pytest
from django.db import connection

from anliegen.lib import clock
from anliegen.project import upkeep


@pytest.mark.django_db
def test_sqlite_knows_afterwards_what_is_in_its_tables() -> None:
    upkeep.analyse({}, clock.now())
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM sqlite_stat1")
            assert cursor.fetchone()[0] > 0
