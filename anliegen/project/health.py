"""Whether this process can serve: for load balancers, monitors and `anliegen doctor`.

`/health/live`: the process answers; nothing else is asked. `/health/ready`: 503 while the database cannot be used or
migrations are missing. Late jobs or a full disk make it "degraded" with 200: taking every web process out of service
because a worker stands still would only add to the harm.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from anliegen.jobs import queries as jobs

LEAST_FREE_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `fatal` means that no page can be served without it."""

    name: str
    ok: bool
    fatal: bool
    detail: str = ""


_known_current = False


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    found = checks()
    worst = "ok"
    if not all(check.ok for check in found):
        worst = "failed" if any(check.fatal and not check.ok for check in found) else "degraded"
    body = {"status": worst, "checks": {check.name: "ok" if check.ok else check.detail for check in found}}
    return JsonResponse(body, status=503 if worst == "failed" else 200)


def checks() -> list[Check]:
    """Database, migrations, jobs and room on the disk; later ones are left out when the database is gone."""
    found = [_database()]
    if found[0].ok:
        found += [_migrations(), _jobs()]
    return [*found, _disk()]


def _database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Check("database", ok=False, fatal=True, detail="cannot be reached")
    return Check("database", ok=True, fatal=True)


def _migrations() -> Check:
    global _known_current  # noqa: PLW0603 (asked every few seconds; a current schema stays current for this code)
    missing = [] if _known_current else pending_migrations()
    _known_current = not missing
    return Check("migrations", ok=not missing, fatal=True, detail=f"{len(missing)} missing: run `anliegen migrate`")


def pending_migrations() -> list[str]:
    """The migrations that this code needs and the database does not have yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _jobs() -> Check:
    try:
        mute, report = jobs.mute(), cast("Any", jobs.report())
    except DatabaseError:
        return Check("jobs", ok=False, fatal=False, detail="cannot be read")
    if mute:
        return Check("jobs", ok=False, fatal=False, detail="a restored copy, mute until `anliegen release`")
    age = report["oldest_due_age_s"] or 0
    if age > settings.ANLIEGEN.worker_lag_s:
        return Check("jobs", ok=False, fatal=False, detail=f"the oldest due job waits for {round(age)} s")
    if report["dead"]:
        return Check("jobs", ok=False, fatal=False, detail=f"{report['dead']} gave up and wait for a person")
    return Check("jobs", ok=True, fatal=False)


def _disk() -> Check:
    folder = Path(settings.ANLIEGEN.data_dir)
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        return Check("disk", ok=False, fatal=False, detail="the data folder cannot be written")
    if shutil.disk_usage(folder).free < LEAST_FREE_BYTES:
        return Check("disk", ok=False, fatal=False, detail="almost full")
    return Check("disk", ok=True, fatal=False)
