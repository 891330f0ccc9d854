"""Writes of the record by people: submit, message, note, attach, name. What moves a request on is workflow's."""

from anliegen.requests.actions.answered import answered_at_once, typed_words
from anliegen.requests.actions.checkout import JOB, Checkout, checkout, problems
from anliegen.requests.actions.large import order_job
from anliegen.requests.actions.rate import rate
from anliegen.requests.actions.submit import make_linked, require_line, submit
from anliegen.requests.actions.talk import attach, message, name_participant, note, record_promise, remove_participant
from anliegen.requests.rules import Line

__all__ = [
    "JOB",
    "Checkout",
    "Line",
    "answered_at_once",
    "attach",
    "checkout",
    "make_linked",
    "message",
    "name_participant",
    "note",
    "order_job",
    "problems",
    "rate",
    "record_promise",
    "remove_participant",
    "require_line",
    "submit",
    "typed_words",
]
