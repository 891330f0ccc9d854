"""What follows for requests when persons change."""

from anliegen import jobs
from anliegen.people.events import PersonChanged

RENAMED = "requests.renamed"


def person_changed(event: PersonChanged) -> None:
    """The desk finds requests by the new name: a job puts them into the search again."""
    if {"first_name", "last_name"} & event.changes.keys():
        payload = {"person": event.subject_id}
        jobs.schedule(RENAMED, key=f"{RENAMED}:{event.subject_id}", due=event.now, payload=payload)
