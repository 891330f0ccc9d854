"""Reactions to what happens in earlier stages. Bound in project/wiring.py."""

from anliegen import jobs
from anliegen.people.events import Deactivated
from anliegen.requests.events import Submitted
from anliegen.workflow import actions, queries

JOBS = {
    "workflow.start": actions.start_job,
    "workflow.settle": actions.settle_job,
    "workflow.timer": actions.timer_job,
    "workflow.resume": actions.resume_job,
    "workflow.reroute": actions.reroute_job,
    **actions.RIGHT_JOBS,
}


def submitted(event: Submitted) -> None:
    """Begin at once where the order has one line, else in a job of its own: one transaction never runs two requests."""
    if event.alone:
        actions.start(event.subject_id, now=event.now)
        return
    jobs.schedule(
        "workflow.start",
        key=f"start:{event.code}",
        due=event.now,
        payload={"service_request": event.subject_id},
    )


def person_left(event: Deactivated) -> None:
    """One job per request in which somebody who left has something open, and one for each right that they held."""
    actions.withdraw_rights(event.subject_id, event.now)
    for service_request_id in queries.requests_with_open_work_of(event.subject_id):
        jobs.schedule(
            "workflow.reroute",
            key=f"reroute:{service_request_id}",
            due=event.now,
            payload={"service_request": service_request_id},
        )
