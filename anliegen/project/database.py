"""How the database is opened: the options that were measured (docs/dev/adr/0002)."""

from pathlib import Path
from typing import Any

import environ

from anliegen.project.config import Config

# WAL with synchronous=NORMAL lost acknowledged commits in power cuts, FULL in none.
_SQLITE = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA mmap_size=134217728; "
    "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;"
)


def database(config: Config) -> dict[str, Any]:
    """Django's entry for ANLIEGEN_DATABASE_URL."""
    entry: dict[str, Any] = dict(environ.Env.db_url_config(config.database_url))
    if entry["ENGINE"].endswith("sqlite3"):
        return entry | _sqlite(config, entry)
    return entry | _postgresql(config, entry)


def _sqlite(config: Config, entry: dict[str, Any]) -> dict[str, Any]:
    if config.env != "test" and entry["NAME"] != ":memory:":
        Path(entry["NAME"]).absolute().parent.mkdir(exist_ok=True, parents=True)
    return {
        # IMMEDIATE: a transaction that reads and then writes would otherwise fail under load.
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _SQLITE},
        "CONN_MAX_AGE": None,
    }


def _postgresql(config: Config, entry: dict[str, Any]) -> dict[str, Any]:
    wait_ms = config.database_timeout_s * 1000
    options = {
        **entry.get("OPTIONS", {}),
        "connect_timeout": 5,
        "keepalives_idle": 30,
        "tcp_user_timeout": 10_000,
        "options": f"-c statement_timeout={wait_ms} -c idle_in_transaction_session_timeout=60000",
    }
    if config.env != "test":
        # By default the pool waits twice as long after each failed attempt: after an hour's outage for minutes. When it
        # has given up, the next question tries at once.
        options["pool"] = {
            "min_size": 1, "max_size": config.web_threads + 2, "timeout": 5, "max_lifetime": 1800,
            "reconnect_timeout": 2,
        }  # fmt: skip
    # A pool keeps the connections; Django's own keeping must be off then.
    return {"OPTIONS": options, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
