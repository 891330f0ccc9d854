"""Timers of a pass are jobs: armed when a token arrives, gone when it leaves, kept as remaining minutes on hold."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from anliegen import jobs
from anliegen.workflow import rules
from anliegen.workflow.engine import Node, NodeKind
from anliegen.workflow.models import Run
from anliegen.workflow.queries import times
from anliegen.workflow.rules import CONFIRMATION_DAYS, Kind

if TYPE_CHECKING:
    from anliegen.workflow.actions._running import Running

KIND = "workflow.timer"
BY_TIME = "!accept"  # instead of a boundary: acceptance by time


def prefix(run: Run, token: int | None = None) -> str:
    """What the keys of a pass's, or of one token's, timers begin with."""
    return f"timer:{run.pk}:" if token is None else f"timer:{run.pk}:{token}:"


def arm(running: "Running", node: Node, token: int) -> None:
    """Start the timers of a step: of a timer step itself, at its edges, and of a confirmation."""
    if node.kind is NodeKind.TIMER:
        _start(running, token, "", node.timer)
    boundaries = running.graph.at.get(node.id, ())
    for boundary in boundaries:
        _start(running, token, boundary.id, boundary.timer)
    if node.task_kind == Kind.ACCEPTANCE and not boundaries:
        days = running.run.release.options.get("confirmation_days", CONFIRMATION_DAYS)
        _start(running, token, BY_TIME, node.due or f"P{days}D")


def _start(running: "Running", token: int, boundary: str, text: str) -> None:
    key = times.calendar_key(running.run.release)
    found = rules.duration(text)
    if found is None:
        due = times.moment(text, running.data) or running.now
        _schedule(running.run, token, boundary, due, {"dated": True})
        return
    minutes = found.days * times.day_minutes(key) + found.minutes
    due = times.after(running.now, minutes, key)
    _schedule(running.run, token, boundary, due, {"times": found.times, "minutes": minutes})


def _schedule(run: Run, token: int, boundary: str, due: datetime, more: dict[str, Any]) -> None:
    payload = {"run": run.pk, "token": token, "boundary": boundary, "planned": due.isoformat(), **more}
    timers = {one["name"]: one for one in run.held.get("timers", [])}
    name = f"{token}:{boundary}"
    run.held = {
        "format": 1,
        "timers": [*(one for key, one in timers.items() if key != name), {"name": name, **payload}],
    }
    jobs.schedule(KIND, key=prefix(run, token) + boundary, due=due, payload=payload)


def disarm(run: Run, token: int) -> None:
    """The token leaves: its timers are gone."""
    if any(one["token"] == token for one in run.held.get("timers", [])):
        jobs.cancel_prefix(prefix(run, token))
        _forget(run, token)


def _forget(run: Run, token: int, boundary: str | None = None) -> None:
    run.held = {
        "format": 1,
        "timers": [
            one
            for one in run.held.get("timers", [])
            if one["token"] != token or (boundary is not None and one["boundary"] != boundary)
        ],
    }


def again(running: "Running", payload: dict[str, Any]) -> None:
    """A repeating timer fired: plan the next time from the planned one."""
    left, run = int(payload.get("times", 1)) - 1, running.run
    _forget(run, payload["token"], payload["boundary"])
    if left > 0:
        planned = datetime.fromisoformat(payload["planned"])
        due = times.after(planned, payload["minutes"], times.calendar_key(run.release))
        _schedule(run, payload["token"], payload["boundary"], due, {"times": left, "minutes": payload["minutes"]})


def later(run: Run, payload: dict[str, Any], now: datetime, seconds: int) -> None:
    """The step is settled: wait until that took effect or was taken back."""
    jobs.schedule(
        KIND,
        key=prefix(run, payload["token"]) + payload["boundary"],
        due=now + timedelta(seconds=max(seconds, 1)),
        payload=payload,
    )


def hold(running: "Running") -> None:
    """Stop all timers; each duration keeps its remaining minutes, a date keeps itself (domain: Hold)."""
    run, key = running.run, times.calendar_key(running.run.release)
    kept = []
    for one in run.held.get("timers", []):
        due = datetime.fromisoformat(one["planned"])
        kept.append({**one, "remaining": None if one.get("dated") else times.remaining(running.now, due, key)})
    jobs.cancel_prefix(prefix(run))
    run.held = {"format": 1, "timers": kept}


def resume(running: "Running") -> None:
    """Start them again from now; what fell due meanwhile fires at once, oldest first."""
    run, key = running.run, times.calendar_key(running.run.release)
    timers, run.held = run.held.get("timers", []), {"format": 1, "timers": []}
    for one in sorted(timers, key=lambda timer: str(timer["planned"])):
        due = datetime.fromisoformat(one["planned"])
        if one.get("remaining") is not None:
            due = times.after(running.now, one["remaining"], key)
        more = {name: one[name] for name in ("dated", "times", "minutes") if name in one}
        _schedule(run, one["token"], one["boundary"], max(due, running.now), more)
